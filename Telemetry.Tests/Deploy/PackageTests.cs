using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Deploy;

/// <summary>Packages, as <c>scripts/package test</c> makes them: installed, started, upgraded and removed. Needs root, for a Debian in a folder.</summary>
public sealed class PackageTests : IDisposable
{
    /// <summary>Environment variable with the folder of the packages.</summary>
    const string Variable = "TELEMETRY_PACKAGES";

    readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact(Explicit = true)]
    public async Task The_Debian_package_installs_serves_upgrades_and_is_purged()
    {
        var (package, next) = (Package("telemetry_*_amd64.deb", 0), Package("telemetry_*_amd64.deb", 1));
        await using var debian = await EmptyDebian.MakeAsync();
        (await debian.RunAsync("sh", "-c", "command -v dotnet node npm")).ExitCode.Should().NotBe(0, "nothing is built there");
        debian.Take(package, "telemetry.deb");
        debian.Take(next, "next.deb");
        await debian.MustAsync("dpkg", "-i", "/telemetry.deb");
        (await debian.MustAsync("stat", "-c", "%A %U:%G", "/etc/telemetry/appsettings.json", "/etc/telemetry", "/var/lib/telemetry", "/usr/lib/telemetry/Telemetry.Api"))
            .Split('\n').Should().Equal("-rw-r----- root:telemetry", "drwxr-x--- root:telemetry", "drwx------ telemetry:telemetry", "-rwxr-xr-x root:root");
        (await debian.MustAsync("readlink", "/etc/systemd/system/multi-user.target.wants/telemetry.service")).Should().EndWith("telemetry.service", "it starts with the machine");
        (await debian.MustAsync("sh", "-c", "su telemetry -s /bin/sh -c 'cd /var/lib/telemetry && telemetry --version'")).Should().StartWith("0.");

        await using (var server = await PackagedServer.StartAsync(debian.AsUser("telemetry", "/var/lib/telemetry", "/usr/lib/telemetry/Telemetry.Api"))) await server.MustWorkAsync("2501");
        (await debian.MustAsync("sh", "-c", "find /var/lib/telemetry/data -type f ! -perm 600; find /var/lib/telemetry -type d ! -perm 700; find / -xdev ! -path '/proc/*' -user telemetry ! -path '/var/lib/telemetry*'")).Should().BeEmpty("what it keeps is for its user only");

        await debian.MustAsync("sh", "-c", """echo '{"Presence":{"Timeout":"00:00:42"},"Auth":{"AllowAnonymous":true}}' > /etc/telemetry/appsettings.json""");
        await debian.MustAsync("dpkg", "-i", "/next.deb");
        (await debian.MustAsync("cat", "/etc/telemetry/appsettings.json")).Should().Contain("00:00:42", "settings of the administrator stay");
        (await debian.MustAsync("stat", "-c", "%A %U:%G", "/etc/telemetry/appsettings.json")).Should().Be("-rw-r----- root:telemetry");
        await debian.MustAsync("systemctl", "is-enabled", "telemetry.service");
        await using (var server = await PackagedServer.StartAsync(debian.AsUser("telemetry", "/var/lib/telemetry", "/usr/lib/telemetry/Telemetry.Api")))
        {
            (await server.Get("/telemetry/export")).Should().Contain(",rpm,2501");
            (await server.Get("/vehicles")).Should().Contain("42", "the settings of /etc are read");
            await server.MustWorkAsync("2502");
        }

        await debian.MustAsync("dpkg", "-i", "/telemetry.deb"); // Back again.
        await debian.MustAsync("dpkg", "-r", "telemetry");
        (await debian.MustAsync("sh", "-c", "ls /usr/lib/telemetry /usr/bin/telemetry 2>/dev/null; ls /var/lib/telemetry/data/telemetry.db /etc/telemetry/appsettings.json")).Should().Be("/etc/telemetry/appsettings.json\n/var/lib/telemetry/data/telemetry.db");
        await debian.MustAsync("dpkg", "-i", "/telemetry.deb");
        await debian.MustAsync("systemctl", "is-enabled", "telemetry.service");
        await debian.MustAsync("systemctl", "disable", "telemetry.service");
        await debian.MustAsync("dpkg", "-i", "/next.deb");
        await debian.MustAsync("sh", "-c", "! systemctl is-enabled telemetry.service"); // As the administrator left it.
        await debian.MustAsync("systemctl", "enable", "telemetry.service");
        await debian.MustAsync("dpkg", "-P", "telemetry");
        (await debian.MustAsync("sh", "-c", "ls -d /var/lib/telemetry /etc/telemetry /usr/lib/telemetry 2>/dev/null; getent passwd telemetry; getent group telemetry; find /etc/systemd -name 'telemetry*'; true")).Should().BeEmpty();
    }

    [Fact(Explicit = true)]
    public async Task The_archive_runs_from_any_folder()
    {
        await using (var file = File.OpenRead(Package("telemetry-*-linux-x64.tar.gz", 0)))
        await using (var unzipped = new GZipStream(file, CompressionMode.Decompress)) await TarFile.ExtractToDirectoryAsync(unzipped, _folder.Path, overwriteFiles: false);
        var program = Directory.GetFiles(_folder.Path, "Telemetry.Api", SearchOption.AllDirectories).Single();
        Directory.CreateDirectory(_folder["work"]);
        await using var server = await PackagedServer.StartAsync([program], folder: _folder["work"]);
        await server.MustWorkAsync("2503");
        File.Exists(_folder["work/data/telemetry.db"]).Should().BeTrue();
        (await File.ReadAllTextAsync(Path.Combine(Path.GetDirectoryName(program)!, "telemetry.service"))).Should().Contain("Type=notify");
    }

    [Fact(Explicit = true)]
    public async Task The_image_runs_without_rights_on_a_root_that_cannot_be_written()
    {
        await using var image = await ImageRoot.UnpackAsync(Package("telemetry-*-amd64.image.tar", 0), _folder);
        image.Config.GetProperty("User").GetString().Should().Be("1654:1654");
        image.Config.GetProperty("Healthcheck").GetProperty("Test").Deserialize<string[]>().Should().Equal("CMD", "/app/Telemetry.Api", "--health");
        image.Config.GetProperty("Entrypoint").Deserialize<string[]>().Should().Equal("/app/Telemetry.Api");
        Directory.GetFiles(image.Path, "*sh", SearchOption.AllDirectories).Should().BeEmpty("there is no shell");
        var environment = new Dictionary<string, string>(image.Variables) { ["Auth__AllowAnonymous"] = "true" };
        await using var server = await PackagedServer.StartAsync(image.Program(), environment);
        await server.MustWorkAsync("2504");
        var (exitCode, output) = await Daemon.Run("unshare", environment, [.. image.Program().Skip(1), "--health", $"--Urls={server.Address}"]);
        exitCode.Should().Be(0, output);
    }

    [Fact(Explicit = true)]
    public async Task The_list_of_components_names_what_is_shipped()
    {
        using var list = JsonDocument.Parse(await File.ReadAllTextAsync(Package("telemetry-*.cdx.json", 0)));
        list.RootElement.GetProperty("bomFormat").GetString().Should().Be("CycloneDX");
        var components = list.RootElement.GetProperty("components").EnumerateArray().ToList();
        components.Select(one => one.GetProperty("name").GetString()).Should().Contain(["Npgsql", "MQTTnet.Server", "SQLitePCLRaw.lib.e_sqlite3", "three", "uplot"]).And.OnlyHaveUniqueItems();
        components.Should().OnlyContain(one => one.GetProperty("purl").GetString()!.EndsWith($"@{one.GetProperty("version").GetString()}", StringComparison.Ordinal));
    }

    [Fact(Explicit = true)]
    public async Task The_archive_for_arm64_runs_on_its_processor()
    {
        var (exitCode, output) = await Daemon.Run(Require.Program("mmdebstrap"), "--quiet", "--variant=extract", "--architectures=arm64", "--include=libc6,libssl3", "bookworm", _folder["arm64"]);
        exitCode.Should().Be(0, output);
        await using (var file = File.OpenRead(Package("telemetry-*-linux-arm64.tar.gz", 0)))
        await using (var unzipped = new GZipStream(file, CompressionMode.Decompress)) await TarFile.ExtractToDirectoryAsync(unzipped, _folder.Path, overwriteFiles: false);
        var program = Directory.GetFiles(_folder.Path, "Telemetry.Api", SearchOption.AllDirectories).Single();
        await using var server = await PackagedServer.StartAsync([Require.Program("qemu-aarch64-static"), "-L", _folder["arm64"], program], folder: _folder.Path);
        await server.MustWorkAsync("2505");
    }

    static string Package(string pattern, int index)
    {
        var folder = Environment.GetEnvironmentVariable(Variable);
        folder.Should().NotBeNullOrEmpty("scripts/package test makes the packages and names their folder");
        var found = Directory.GetFiles(folder!, pattern).Order(StringComparer.Ordinal).ToList();
        found.Should().HaveCountGreaterThan(index, $"{pattern} in {folder}");
        return found[index];
    }
}
