using System.Globalization;
using System.Net;
using System.Net.Mail;
using Telemetry.Api.Alerts;
using Telemetry.Api.Hosting;
using Telemetry.Api.Ingest;
using Telemetry.Core.Ingest;
using Telemetry.Core.Notifications;

namespace Telemetry.Api.Notify;

/// <summary>Reads the channels of the settings. Errors end the start with one line, without addresses and secrets.</summary>
sealed class ChannelReader(TopicRules topics)
{
    const string Section = "Alerts:Channels";
    const int MaxNameLength = 64;
    const string WebhookTakes = "takes an address such as https://ntfy.sh";
    const string SmtpTakes = "takes a mail server such as smtp://user:password@mail.example:587, or smtps";
    const string EveryTakes = "takes a duration as hh:mm:ss, 00:00:00 to 1.00:00:00";

    static readonly TimeSpan DefaultEvery = TimeSpan.FromMinutes(1);
    static readonly TimeSpan MaxEvery = TimeSpan.FromDays(1);

    /// <summary>Throws <see cref="SettingException"/> for an invalid setting.</summary>
    public ChannelPlan Read(string name, ChannelSection section)
    {
        if (name.Length > MaxNameLength || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
            throw new SettingException($"{Section} holds '{name}'; it takes names of up to {MaxNameLength} letters, digits, - and _.");
        (string Key, string Value)[] ways = [(nameof(section.Webhook), section.Webhook), (nameof(section.Smtp), section.Smtp), (nameof(section.Mqtt), section.Mqtt), (nameof(section.Push), section.Push ? "true" : "")];
        var kinds = ways.Where(way => way.Value != "").Select(way => way.Key).ToList();
        if (kinds.Count != 1) throw new SettingException($"{Section}:{name} takes one of Webhook, Smtp, Mqtt and Push{(kinds.Count == 0 ? "" : $", and has {string.Join(" and ", kinds)}")}.");
        MustGoTogether(name, section, kinds[0]);
        var quiet = section.Quiet == "" ? null : QuietHours.Parse(section.Quiet) ?? throw Wrong(name, nameof(section.Quiet), section.Quiet, QuietHours.Takes);
        if (section.Language is not ("en" or "fr")) throw Wrong(name, nameof(section.Language), section.Language, "takes en or fr");
        var plan = new ChannelPlan(name, kinds[0].ToLowerInvariant(), new ChannelTiming(quiet, Every(name, section), IsMirror: section.Mqtt != ""), section.Language == "fr");
        return kinds[0] switch
        {
            nameof(section.Webhook) => Webhook(plan, section),
            nameof(section.Smtp) => Mail(plan, section),
            nameof(section.Push) => plan with { Create = (services, words) => services.GetRequiredService<CreatePushSender>()(plan.Zone, plan.IsFrench) },
            _ => Mqtt(plan, section),
        };
    }

    static void MustGoTogether(string name, ChannelSection section, string kind)
    {
        (string Key, string Value, string Kind)[] keys =
        [
            (nameof(section.Secret), section.Secret, nameof(section.Webhook)), (nameof(section.Token), section.Token, nameof(section.Webhook)), (nameof(section.Body), section.Body, nameof(section.Webhook)),
            (nameof(section.From), section.From, nameof(section.Smtp)), (nameof(section.To), section.To, nameof(section.Smtp)), (nameof(section.Discovery), section.Discovery, nameof(section.Mqtt)),
        ];
        foreach (var key in keys.Where(key => key.Value != "" && key.Kind != kind)) throw new SettingException($"{Section}:{name}:{key.Key} goes with {key.Kind}, and the channel has {kind}.");
    }

    static TimeSpan Every(string name, ChannelSection section)
    {
        if (section.Every == "") return section.Mqtt == "" ? DefaultEvery : TimeSpan.Zero;
        return TimeSpan.TryParse(section.Every, CultureInfo.InvariantCulture, out var every) && every >= TimeSpan.Zero && every <= MaxEvery ? every : throw Wrong(name, nameof(section.Every), section.Every, EveryTakes);
    }

    static ChannelPlan Webhook(ChannelPlan plan, ChannelSection section)
    {
        var name = plan.Name;
        if (!Uri.TryCreate(section.Webhook, UriKind.Absolute, out var address) || (address.Scheme != Uri.UriSchemeHttp && address.Scheme != Uri.UriSchemeHttps) || address.UserInfo != "")
            throw Secret(name, nameof(section.Webhook), WebhookTakes);
        MustBeAllowed(name, nameof(section.Webhook), address);
        var keys = WebhookSignature.Keys(section.Secret) ?? throw Secret(name, nameof(section.Secret), WebhookSignature.Takes);
        if (section.Token.Any(c => c is < '!' or > '~')) throw Secret(name, nameof(section.Token), "takes a token without spaces");
        try
        {
            var body = NoticeBody.Parse(section.Body == "" ? "telemetry" : section.Body);
            return plan with { Create = (services, words) => new WebhookSender(services.GetRequiredService<HttpClient>(), address, keys, section.Token, body, words) };
        }
        catch (FormatException wrong)
        {
            throw Secret(name, nameof(section.Body), wrong.Message);
        }
    }

    static ChannelPlan Mail(ChannelPlan plan, ChannelSection section)
    {
        var name = plan.Name;
        if (!Uri.TryCreate(section.Smtp, UriKind.Absolute, out var address) || address.Scheme is not ("smtp" or "smtps") || address.Host == "" || address.PathAndQuery is not ("/" or ""))
            throw Secret(name, nameof(section.Smtp), SmtpTakes);
        MustBeAllowed(name, nameof(section.Smtp), address);
        var login = address.UserInfo.Split(':', 2);
        var (user, password) = (Uri.UnescapeDataString(login[0]), login.Length == 2 ? Uri.UnescapeDataString(login[1]) : "");
        var (from, to) = Addresses(name, section, user);
        var isTls = address.Scheme == "smtps";
        var server = new MailServer(address.Host, address.Port > 0 ? address.Port : MailPort(isTls, user), isTls, user, password, from, to);
        return plan with { Create = (_, words) => new MailSender(server, words) };
    }

    static int MailPort(bool isTls, string user) => isTls ? 465 : user == "" ? 25 : 587;

    static (string From, string[] To) Addresses(string name, ChannelSection section, string user)
    {
        var from = section.From != "" ? section.From : IsAddress(user) ? user : throw Secret(name, nameof(section.From), "takes the address of the sender, such as telemetry@example.com");
        if (!IsAddress(from)) throw Wrong(name, nameof(section.From), from, "takes an address such as telemetry@example.com");
        var to = section.To.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (to.Length == 0 || !to.All(IsAddress)) throw Wrong(name, nameof(section.To), section.To, "takes addresses such as owner@example.com, comma-separated");
        return (from, to);
    }

    ChannelPlan Mqtt(ChannelPlan plan, ChannelSection section)
    {
        var name = plan.Name;
        var (prefix, discovery) = (section.Mqtt.TrimEnd('/'), section.Discovery.TrimEnd('/'));
        MustBeTopic(name, nameof(section.Mqtt), prefix, $"{prefix}/+/+");
        if (discovery != "") MustBeTopic(name, nameof(section.Discovery), discovery, $"{discovery}/binary_sensor/+/config");
        return plan with
        {
            Topics = discovery == "" ? [prefix] : [prefix, discovery],
            Create = (services, words) => new MqttSender(
                name, prefix, discovery, services.GetRequiredService<BrokerDialer>(), words, services.GetRequiredService<RetainedStates>())
            { Wanted = services.GetRequiredService<WantedTopics>() },
        };
    }

    // Messages published there would come back as readings.
    void MustBeTopic(string name, string key, string prefix, string published)
    {
        if (prefix == "" || prefix.AsSpan().IndexOfAny("+#\0") >= 0 || prefix.StartsWith('$') || prefix.Any(char.IsControl)) throw Wrong(name, key, prefix, "takes a topic without + # and $, such as telemetry/alerts");
        if (topics.Filters.FirstOrDefault(filter => TopicFilters.Overlap(TopicFilters.WithoutShare(filter), published)) is { } filter)
            throw Wrong(name, key, prefix, $"takes a topic that the server does not read from: {filter} of Mqtt:TopicFilter or Ingest:Topics would make readings of its messages");
    }

    static void MustBeAllowed(string name, string key, Uri address)
    {
        if (IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip) && SafeConnection.IsForbidden(ip)) throw Secret(name, key, "takes another address than a link-local one, or one where clouds tell machines their secrets");
    }

    static bool IsAddress(string text) => MailAddress.TryCreate(text, out var address) && address.Address == text;

    static SettingException Wrong(string name, string key, string value, string takes) => new($"{Section}:{name}:{key} is '{value}'; it {takes}.");

    static SettingException Secret(string name, string key, string takes) => new($"{Section}:{name}:{key} {takes}.");
}

sealed record ChannelPlan(string Name, string Kind, ChannelTiming Timing, bool IsFrench)
{
    public IReadOnlyList<string> Topics { get; init; } = [];

    public Func<IServiceProvider, NoticeText, IChannelSender> Create { get; init; } = null!;

    public TimeZoneInfo Zone => Timing.Quiet?.Zone ?? TimeZoneInfo.Local;

    public Channel Build(IServiceProvider services) =>
        new(Name, Kind, Timing, Create(services, new NoticeText(IsFrench, Zone, services.GetRequiredService<NoticeAddresses>().Of)));
}
