using Telemetry.Tests.Support;

namespace Telemetry.Tests.Rules;

/// <summary>Report of <c>scripts/test</c> on tests that fail once, and on those that fail twice. Its <c>dotnet</c> is a script that prints a run.</summary>
public sealed class TestScriptTests : IDisposable
{
    const string One = "Telemetry.Tests.EndToEnd.DashboardTests.One_fails";
    const string Two = "Telemetry.Tests.History.StoreTests.Two_fails(store: \"postgres\", text: \"a (b) c\")";
    const string Three = "Telemetry.Tests.History.StoreTests.Two_fails(store: \"sqlite\", text: \"\")";

    readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Tests_that_pass_when_they_are_run_again_are_flaky_and_count_as_passed()
    {
        var (exitCode, output) = await Run(first: [One, Two, Three], second: []);
        exitCode.Should().Be(0, output);
        output.Should().Contain($"flaky: 3\n  {One}\n  {Two}\n  {Three}\n").And.EndWith("10 passed, 0 failed, 1 skipped");
        (await File.ReadAllTextAsync(_folder["arguments"])).Should().Contain("--filter-method Telemetry.Tests.EndToEnd.DashboardTests.One_fails --filter-method Telemetry.Tests.History.StoreTests.Two_fails");
    }

    [Fact]
    public async Task One_that_fails_again_has_failed_and_the_other_is_flaky()
    {
        var (exitCode, output) = await Run(first: [One, Three], second: [Three]);
        exitCode.Should().Be(2);
        output.Should().Contain($"flaky: 1\n  {One}\nfailed:\n").And.EndWith($"failed:\n  {Three}\n9 passed, 1 failed, 1 skipped");
    }

    [Fact]
    public async Task A_test_that_fails_each_time_or_among_many_is_not_flaky()
    {
        var (exitCode, output) = await Run(first: [One], second: [One]);
        exitCode.Should().Be(2);
        output.Should().NotContain("flaky").And.EndWith("9 passed, 1 failed, 1 skipped");
        (exitCode, output) = await Run(first: [One, Two, Three, One + "_too"], second: []);
        exitCode.Should().Be(2);
        output.Should().NotContain("flaky").And.NotContain("Once more").And.EndWith($"failed:\n  {One}\n  {One}_too\n  {Two}\n  {Three}\n6 passed, 4 failed, 1 skipped");
    }

    [Fact]
    public async Task A_second_run_that_ends_otherwise_clears_no_test()
    {
        var (exitCode, output) = await Run(first: [One], second: [], secondExitCode: 134);
        exitCode.Should().Be(2);
        output.Should().NotContain("flaky").And.EndWith("9 passed, 1 failed, 1 skipped");
    }

    async Task<(int ExitCode, string Output)> Run(string[] first, string[] second, int? secondExitCode = null)
    {
        await Prepare("1", first, first.Length == 0 ? 0 : 2);
        await Prepare("2", second, secondExitCode ?? (second.Length == 0 ? 0 : 2));
        File.Delete(_folder["arguments"]);
        await File.WriteAllTextAsync(_folder["dotnet"], $"""
            #!/usr/bin/env bash
            [ "$1" = test ] || exit 0
            echo "$@" >>"{_folder["arguments"]}"
            run=$(wc -l <"{_folder["arguments"]}")
            cat "{_folder.Path}/$run.output"
            exit "$(cat "{_folder.Path}/$run.code")"
            """);
        // With all programs in place it installs nothing.
        foreach (var program in (string[])["mosquitto", "mosquitto_pub", "initdb", "pgbouncer", "chromium"]) await File.WriteAllTextAsync(_folder[program], "");
        await Daemon.Run("chmod", ["u+x", .. Directory.GetFiles(_folder.Path)]);
        return await Daemon.Run("env", $"PATH={_folder.Path}:{Environment.GetEnvironmentVariable("PATH")}", Path.Combine(Repository.Top, "scripts", "test"), "--filter-class", "x");
    }

    async Task Prepare(string run, string[] failed, int exitCode)
    {
        string[] lines =
        [
            .. failed.Select(name => $"failed {name} (1m 02s 345ms)\n  from Telemetry.Tests.dll\n  failed to connect"),
            "Test run summary:", $"  total: {11}", $"  failed: {failed.Length}", $"  succeeded: {10 - failed.Length}", "  skipped: 1",
        ];
        await File.WriteAllLinesAsync(_folder[$"{run}.output"], lines);
        await File.WriteAllTextAsync(_folder[$"{run}.code"], $"{exitCode}");
    }
}
