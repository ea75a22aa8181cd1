using System.Net.Http.Json;
using System.Text.Json;

namespace Telemetry.Tests.Support;

/// <summary>A Prometheus of the test's own, with the configuration of the repository.</summary>
sealed class Prometheus : IAsyncDisposable
{
    static readonly string Recipes = Path.Combine(Repository.Top, "deploy", "prometheus");

    readonly TempFolder _folder = new();
    readonly HttpClient _http = new();
    Daemon? _daemon;

    /// <param name="target">The server that it scrapes each second.</param>
    public static async Task<Prometheus> Start(Uri target)
    {
        var prometheus = new Prometheus();
        var port = Ports.Free();
        prometheus._http.BaseAddress = new Uri($"http://127.0.0.1:{port}/api/v1/");
        var configuration = await File.ReadAllTextAsync(Path.Combine(Recipes, "prometheus.yml"));
        configuration.Should().Contain("localhost:8000").And.Contain("15s");
        await File.WriteAllTextAsync(prometheus._folder["prometheus.yml"], configuration.Replace("localhost:8000", target.Authority, StringComparison.Ordinal).Replace("15s", "1s", StringComparison.Ordinal));
        File.Copy(Path.Combine(Recipes, "alerts.yml"), prometheus._folder["alerts.yml"]);
        prometheus._daemon = Daemon.Start(Require.Program("prometheus"),
        [
            $"--config.file={prometheus._folder["prometheus.yml"]}", $"--storage.tsdb.path={prometheus._folder["data"]}", $"--web.listen-address=127.0.0.1:{port}",
        ]);
        await Eventually.Holds("Prometheus listens", () => Ports.Answers(port));
        return prometheus;
    }

    /// <summary>Checks rules by their own tests.</summary>
    public static Task<(int ExitCode, string Output)> TestRules() => Daemon.Run(Require.Program("promtool"), "test", "rules", Path.Combine(Recipes, "alerts.test.yml"));

    /// <summary>The expressions of its alert rules, by their names.</summary>
    public async Task<IReadOnlyDictionary<string, string>> Rules() => (await Get("rules")).GetProperty("groups").EnumerateArray()
        .SelectMany(group => group.GetProperty("rules").EnumerateArray())
        .ToDictionary(rule => rule.GetProperty("name").GetString()!, rule => rule.GetProperty("query").GetString()!);

    /// <summary>Names of all metrics that it has scraped.</summary>
    public async Task<IReadOnlySet<string>> Metrics() => (await Get("label/__name__/values")).EnumerateArray().Select(name => name.GetString()!).ToHashSet();

    /// <summary>Current number of series of a query.</summary>
    public async Task<int> Count(string query) => (await Get($"query?query={Uri.EscapeDataString(query)}")).GetProperty("result").GetArrayLength();

    public async ValueTask DisposeAsync()
    {
        if (_daemon is not null) await _daemon.Kill();
        _daemon?.Dispose();
        _http.Dispose();
        _folder.Dispose();
    }

    async Task<JsonElement> Get(string path)
    {
        using var answer = await _http.GetAsync(path);
        var json = await answer.Content.ReadFromJsonAsync<JsonElement>();
        json.GetProperty("status").GetString().Should().Be("success", $"{path} gave {json}");
        return json.GetProperty("data");
    }
}
