using Telemetry.Api;
using Telemetry.Api.Hosting;

namespace Telemetry.Tests.Settings;

public class ChannelSettingsTests
{
    [Theory]
    [InlineData("ops:Webhok=x", "Unknown setting Alerts:Channels:ops:Webhok. Valid keys of Alerts:Channels:ops: Webhook, Secret, Token, Body, Smtp, From, To, Mqtt, Discovery, Push, Quiet, Every, Language.")]
    [InlineData("ops:Quiet=22:00-07:00", "Alerts:Channels:ops takes one of Webhook, Smtp, Mqtt and Push.")]
    [InlineData("ops:Webhook=https://a.example ops:Mqtt=a", "Alerts:Channels:ops takes one of Webhook, Smtp, Mqtt and Push, and has Webhook and Mqtt.")]
    [InlineData("ops=https://a.example", "Unknown setting Alerts:Channels:ops: a channel takes keys, such as Alerts:Channels:ops:Webhook=https://ntfy.sh.")]
    [InlineData("o.ps:Webhook=https://a.example", "Alerts:Channels holds 'o.ps'; it takes names of up to 64 letters, digits, - and _.")]
    [InlineData("ops:Webhook:0=https://a.example", "Unknown setting Alerts:Channels:ops:Webhook:0: Alerts:Channels:ops:Webhook has no keys, it takes a value.")]
    [InlineData("ops:Webhook=ntfy.sh", "Alerts:Channels:ops:Webhook takes an address such as https://ntfy.sh.")]
    [InlineData("ops:Webhook=ftp://secret.example", "Alerts:Channels:ops:Webhook takes an address such as https://ntfy.sh.")]
    [InlineData("ops:Webhook=https://user:secret@a.example", "Alerts:Channels:ops:Webhook takes an address such as https://ntfy.sh.")]
    [InlineData("ops:Webhook=http://169.254.169.254/latest", "Alerts:Channels:ops:Webhook takes another address than a link-local one, or one where clouds tell machines their secrets.")]
    [InlineData("ops:Webhook=http://[::ffff:169.254.169.254]/", "Alerts:Channels:ops:Webhook takes another address than *")]
    [InlineData("ops:Webhook=http://[fe80::1]/", "Alerts:Channels:ops:Webhook takes another address than *")]
    [InlineData("ops:Webhook=https://a.example ops:Secret=secret", "Alerts:Channels:ops:Secret takes whsec_ and 24 to 64 bytes in base64, *")]
    [InlineData("ops:Webhook=https://a.example ops:Body=slack", "Alerts:Channels:ops:Body takes telemetry, ntfy:topic, gotify, telegram:chat, pushover:token:user, apprise, discord, alertmanager, or a template of JSON *")]
    [InlineData("ops:Webhook=https://a.example ops:Body={\"text\":\"{oops}\"}", "Alerts:Channels:ops:Body has the place {oops}; it takes {title}, *")]
    [InlineData("ops:Webhook=https://a.example ops:To=me@example.com", "Alerts:Channels:ops:To goes with Smtp, and the channel has Webhook.")]
    [InlineData("ops:Webhook=https://a.example ops:Quiet=22:00-07:00_Mars/Olympus", "Alerts:Channels:ops:Quiet is '22:00-07:00 Mars/Olympus'; it takes hours, a time zone and perhaps all, such as *")]
    [InlineData("ops:Webhook=https://a.example ops:Every=soon", "Alerts:Channels:ops:Every is 'soon'; it takes a duration as hh:mm:ss, 00:00:00 to 1.00:00:00.")]
    [InlineData("phone:Push=true phone:Webhook=https://a.example", "Alerts:Channels:phone takes one of Webhook, Smtp, Mqtt and Push, and has Webhook and Push.")]
    [InlineData("phone:Push=true phone:To=me@example.com", "Alerts:Channels:phone:To goes with Smtp, and the channel has Push.")]
    [InlineData("phone:Push=false", "Alerts:Channels:phone takes one of Webhook, Smtp, Mqtt and Push.")]
    [InlineData("phone:Push=maybe", "*Alerts:Channels:phone:Push*'maybe'*")]
    [InlineData("ops:Webhook=https://a.example ops:Language=de", "Alerts:Channels:ops:Language is 'de'; it takes en or fr.")]
    [InlineData("m:Smtp=https://secret.example", "Alerts:Channels:m:Smtp takes a mail server such as smtp://user:password@mail.example:587, or smtps.")]
    [InlineData("m:Smtp=smtp://mail.example m:To=me@example.com", "Alerts:Channels:m:From takes the address of the sender, such as telemetry@example.com.")]
    [InlineData("m:Smtp=smtp://mail.example m:From=car@example.com", "Alerts:Channels:m:To is ''; it takes addresses such as owner@example.com, comma-separated.")]
    [InlineData("m:Smtp=smtp://mail.example m:From=car@example.com m:To=me@example.com,you", "Alerts:Channels:m:To is 'me@example.com,you'; it takes addresses *")]
    [InlineData("ha:Mqtt=wican/x", "Alerts:Channels:ha:Mqtt is 'wican/x'; it takes a topic that the server does not read from: wican/# of Mqtt:TopicFilter or Ingest:Topics would make readings of its messages.")]
    [InlineData("ha:Mqtt=wican", "Alerts:Channels:ha:Mqtt is 'wican'; it takes a topic that the server does not read from: *")]
    [InlineData("ha:Mqtt=a/#", "Alerts:Channels:ha:Mqtt is 'a/#'; it takes a topic without + # and $, such as telemetry/alerts.")]
    [InlineData("ha:Mqtt=telemetry/alerts ha:Discovery=wican", "Alerts:Channels:ha:Discovery is 'wican'; it takes a topic that the server does not read from: *")]
    public void A_wrong_channel_is_one_line_that_shows_no_secret(string settings, string expected)
    {
        var build = () => Program.Build(CommandLine.Parse([.. settings.Split(' ').Select(setting => $"--Alerts:Channels:{setting.Replace('_', ' ')}")]));
        build.Should().Throw<SettingException>().WithMessage(expected).Which.Message.Should().NotContainAny("secret.example", "user:secret", "'secret'");
    }

    [Theory]
    [InlineData("Alerts:Url=car.example", "Alerts:Url takes an address such as https://car.example.")]
    [InlineData("Alerts:Heartbeat=http://169.254.169.254/", "Alerts:Heartbeat takes an address such as https://hc-ping.com/your-uuid.")]
    [InlineData("HomeAssistant:Topic=wican HomeAssistant:Enabled=true", "HomeAssistant:Topic is 'wican'; it takes a topic that the server does not read from: wican/# of Mqtt:TopicFilter or Ingest:Topics would make readings of its messages.")]
    [InlineData("HomeAssistant:DiscoveryPrefix=wican/x HomeAssistant:Enabled=true", "HomeAssistant:DiscoveryPrefix is 'wican/x'; it takes a topic that the server does not read from: *")]
    [InlineData("HomeAssistant:Enabled=true Mqtt:TopicFilter=telemetry/+/#", "HomeAssistant:Topic is 'telemetry'; it takes a topic that the server does not read from: *")]
    [InlineData("HomeAssistant:DiscoveryPrefix=a/#", "HomeAssistant:DiscoveryPrefix is 'a/#'; it takes a topic without + # and $, such as telemetry.")]
    [InlineData("HomeAssistant:Topic=", "HomeAssistant:Topic *")]
    [InlineData("HomeAssistant:Enabled=yes", "HomeAssistant:Enabled is 'yes'; it takes true or false.")]
    [InlineData("Alerts:PushSubject=mailto:x@localhost", "Alerts:PushSubject is 'mailto:x@localhost'; it takes mailto:you@example.com or https://car.example, with a name that the internet knows: not localhost, and not without a dot.")]
    [InlineData("Alerts:PushSubject=mailto:x@car", "Alerts:PushSubject is 'mailto:x@car'; *")]
    [InlineData("Alerts:PushSubject=mailto:x@car.local", "Alerts:PushSubject is *")]
    [InlineData("Alerts:PushSubject=mailto:", "Alerts:PushSubject is *")]
    [InlineData("Alerts:PushSubject=me@example.com", "Alerts:PushSubject is *")]
    [InlineData("Alerts:PushSubject=http://car.example", "Alerts:PushSubject is *")]
    [InlineData("Alerts:PushSubject=https://localhost", "Alerts:PushSubject is *")]
    [InlineData("Alerts:PushSubject=https://car", "Alerts:PushSubject is *")]
    [InlineData("Alerts:PushSubject=https://192.168.1.5", "Alerts:PushSubject is *")]
    [InlineData("Alerts:PushServices=fcm.googleapis.com,a|b", "Alerts:PushServices holds 'a|b'; it takes hosts such as push.example, *.push.example or http://192.168.1.5:8080, comma-separated.")]
    [InlineData("Alerts:PushServices=*", "Alerts:PushServices holds '*'; *")]
    [InlineData("Alerts:PushServices=*.example", "Alerts:PushServices holds '*.example'; *")]
    [InlineData("Alerts:PushServices=https://push.example/path", "Alerts:PushServices holds *")]
    [InlineData("Alerts:Channels=x", "Unknown setting Alerts:Channels: it takes channels, such as Alerts:Channels:phone:Webhook=https://ntfy.sh.")]
    public void A_wrong_address_is_one_line(string setting, string expected)
    {
        var build = () => Program.Build(CommandLine.Parse([.. setting.Split(' ').Select(each => $"--{each}")]));
        build.Should().Throw<SettingException>().WithMessage(expected);
    }

    [Theory]
    [InlineData("ops:Webhook=http://192.168.1.5:8080/hook")]
    [InlineData("ops:Webhook=https://a.example ops:Body=ntfy:topic ops:Token=tk_abc ops:Every=0 ops:Quiet=22:00-07:00")]
    [InlineData("m:Smtp=smtps://car%40example.com:p@mail.example m:To=me@example.com")]
    [InlineData("ha:Mqtt=telemetry/alerts/ ha:Discovery=homeassistant ha:Language=fr")]
    [InlineData("phone:Push=true phone:Every=0 phone:Quiet=22:00-07:00 phone:Language=fr")]
    public async Task A_right_channel_is_taken(string settings)
    {
        await using var app = Program.Build(CommandLine.Parse([.. settings.Split(' ').Select(setting => $"--Alerts:Channels:{setting}")]));
    }
}
