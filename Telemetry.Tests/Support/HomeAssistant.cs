using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MQTTnet;
using MQTTnet.Protocol;

namespace Telemetry.Tests.Support;

/// <summary>Reads discovery messages and states as Home Assistant does, and has its entities.</summary>
sealed partial class HomeAssistant : IAsyncDisposable
{
    readonly ConcurrentDictionary<(string ObjectId, string Component), JsonObject> _components = new();
    readonly ConcurrentDictionary<string, string> _payloads = new();
    readonly ConcurrentQueue<(string Topic, string Payload)> _messages = new();
    readonly ConcurrentQueue<Exception> _errors = new();
    readonly IMqttClient _client = new MqttClientFactory().CreateMqttClient();
    readonly string _prefix;

    HomeAssistant(string prefix) => _prefix = prefix;

    /// <summary>Connects, subscribes, and says that it has started.</summary>
    public static async Task<HomeAssistant> Start(int port, string prefix = "homeassistant", string states = "telemetry/#")
    {
        var reader = new HomeAssistant(prefix);
        reader._client.ApplicationMessageReceivedAsync += received =>
        {
            reader.Take(received.ApplicationMessage.Topic, received.ApplicationMessage.ConvertPayloadToString() ?? "");
            return Task.CompletedTask;
        };
        await reader._client.ConnectAsync(new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", port).Build());
        await reader._client.SubscribeAsync(states, MqttQualityOfServiceLevel.AtLeastOnce);
        await reader._client.SubscribeAsync($"{prefix}/device/+/config", MqttQualityOfServiceLevel.AtLeastOnce);
        return reader;
    }

    /// <summary>All messages since the start.</summary>
    public IReadOnlyList<(string Topic, string Payload)> Messages => [.. _messages];

    /// <summary>Topics that have a message.</summary>
    public IEnumerable<string> Topics => _payloads.Where(pair => pair.Value != "").Select(pair => pair.Key);

    /// <summary>Ids of its devices.</summary>
    public IEnumerable<string> Devices => _components.Keys.Select(key => key.ObjectId).Distinct();

    /// <summary>Ids of the components of a device.</summary>
    public IEnumerable<string> ComponentsOf(string device) => _components.Keys.Where(key => key.ObjectId == device).Select(key => key.Component);

    public JsonObject? Component(string device, string component) => _components.GetValueOrDefault((device, component));

    /// <summary>Says that it has started.</summary>
    public Task Birth() => _client.PublishStringAsync($"{_prefix}/status", "online", MqttQualityOfServiceLevel.AtLeastOnce);

    /// <summary>State of an entity: its value, <c>unknown</c>, or <c>unavailable</c>; null where there is none.</summary>
    public string? State(string device, string component)
    {
        if (!_errors.IsEmpty) throw new AggregateException(_errors);
        if (Component(device, component) is not { } config) return null;
        if (_payloads.GetValueOrDefault(config["availability_topic"]!.GetValue<string>()) != "online") return "unavailable";
        var payload = _payloads.GetValueOrDefault(config["state_topic"]!.GetValue<string>());
        if (string.IsNullOrEmpty(payload)) return "unknown";
        return Render(config["value_template"]?.GetValue<string>(), payload) switch
        {
            "None" => "unknown",
            var text => config["platform"]!.GetValue<string>() == "binary_sensor" ? text switch { "ON" => "on", "OFF" => "off", _ => "unknown" } : text,
        };
    }

    public Task Has(string device, string component, string? state) =>
        Eventually.Holds($"{component} of {device} is {state ?? "gone"}", () => State(device, component) == state);

    public async ValueTask DisposeAsync()
    {
        await _client.DisconnectAsync(new MqttClientDisconnectOptions());
        _client.Dispose();
    }

    void Take(string topic, string payload)
    {
        _messages.Enqueue((topic, payload));
        _payloads[topic] = payload;
        try
        {
            if (topic.StartsWith($"{_prefix}/device/", StringComparison.Ordinal)) Discover(HomeAssistantSchema.ObjectId(topic, _prefix), payload);
        }
        catch (Exception error)
        {
            _errors.Enqueue(error);
        }
    }

    // A component that is left out stays; one with nothing but its platform goes.
    void Discover(string device, string payload)
    {
        if (payload == "")
        {
            foreach (var key in _components.Keys.Where(key => key.ObjectId == device)) _components.TryRemove(key, out _);
            return;
        }

        foreach (var (component, config) in HomeAssistantSchema.Read(payload))
        {
            if (config.Count == 1) _components.TryRemove((device, component), out _);
            else _components[(device, component)] = config;
        }
    }

    static string Render(string? template, string payload)
    {
        if (template is null) return payload;
        var match = ValueTemplate().Match(template);
        match.Success.Should().BeTrue($"{template} is a template that the reader knows");
        var key = match.Groups[1].Success ? match.Groups[1].Value : match.Groups[2].Value;
        var value = JsonDocument.Parse(payload).RootElement.TryGetProperty(key, out var found) ? found : default;
        return value.ValueKind switch
        {
            JsonValueKind.Null => "None",
            JsonValueKind.Undefined => "",
            JsonValueKind.String => value.GetString()!,
            _ => value.GetRawText(),
        };
    }

    // With a point only what is a name in Python, and no member of its dictionaries.
    [GeneratedRegex(@"^\{\{ value_json(?:\.(?!(?:clear|copy|fromkeys|get|items|keys|pop|popitem|setdefault|update|values) )([a-zA-Z_][a-zA-Z0-9_]*)|\['([^'\\]+)'\]) \}\}$")]
    private static partial Regex ValueTemplate();
}
