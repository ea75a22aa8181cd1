using Telemetry.Api.Hosting;
using Telemetry.Cluster;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Cluster;

public class ClusterSettingsTests
{
    const string Store = "--ConnectionStrings:Telemetry=Host=localhost;Database=telemetry";

    [Theory]
    [InlineData("Cluster:Name takes a name *", Store, "--Mqtt:Host=broker")]
    [InlineData("Cluster:Name is 'two words'; it takes a name *", Store, "--Mqtt:Host=broker", "--Cluster:Name=two words")]
    [InlineData("Cluster:Name requires ConnectionStrings:Telemetry, *", "--Mqtt:Host=broker", "--Cluster:Name=fleet")]
    [InlineData("Cluster:Name requires Mqtt:Host, *", Store, "--Cluster:Name=fleet")]
    [InlineData("Cluster:Name excludes --demo *", Store, "--Mqtt:Host=broker", "--Cluster:Name=fleet", "--demo")]
    [InlineData("Cluster:Address is 'db'; it takes the IP address *", Store, "--Mqtt:Host=broker", "--Cluster:Name=fleet", "--Cluster:Address=db")]
    [InlineData("Cluster:Port is '0'; it takes a TCP port, 1 to 65535.", Store, "--Mqtt:Host=broker", "--Cluster:Name=fleet", "--Cluster:Port=0")]
    [InlineData("Cluster:Certificate is 'a.pem'; it requires Cluster:Certificate and Cluster:CertificateAuthority, both or neither.", Store, "--Mqtt:Host=broker", "--Cluster:Name=fleet", "--Cluster:Certificate=a.pem")]
    [InlineData("Cluster:CertificateAuthority 'none.pem' cannot be used (*): it takes a PEM file.", Store, "--Mqtt:Host=broker", "--Cluster:Name=fleet", "--Cluster:Certificate=a.pem", "--Cluster:CertificateAuthority=none.pem")]
    [InlineData("Unknown setting Cluster:Size. Valid keys of Cluster: Name, Address, Port, Certificate, CertificateKey, CertificateAuthority.", Store, "--Mqtt:Host=broker", "--Cluster:Name=fleet", "--Cluster:Size=3")]
    public void What_a_cluster_cannot_do_is_refused_in_one_line(string expected, params string[] arguments)
    {
        var commandLine = CommandLine.Parse(arguments);
        var build = () => Api.Program.Build(commandLine, builder => builder.AddCluster(commandLine));
        build.Should().Throw<SettingException>().WithMessage(expected).Which.Message.Should().NotContain("\n");
    }

    [Fact]
    public async Task A_single_server_loads_nothing_of_Orleans()
    {
        Require.That(OperatingSystem.IsLinux(), "/proc shows the loaded files on Linux only");
        using var folder = new TempFolder();
        var port = Ports.Free();
        using var server = ServerProcess.Start(folder, environment: null, "--Urls", $"http://127.0.0.1:{port}");
        using var http = new HttpClient();
        await Eventually.Holds("the server is ready", async () => await Ports.Answers(port) && (await http.GetAsync($"http://127.0.0.1:{port}/health/ready")).IsSuccessStatusCode);
        (await http.GetStringAsync($"http://127.0.0.1:{port}/vehicles")).Should().Contain("default");
        var loaded = await File.ReadAllTextAsync($"/proc/{server.Id}/maps");
        loaded.Should().NotContain("Orleans").And.NotContain("Telemetry.Cluster");
        (await server.Terminate()).Should().Be(0);
    }
}
