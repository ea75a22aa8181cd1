using System.Text.Json;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Deploy;

/// <summary>The recipe for AWS: checked by the types of CDK, made into a template, and its settings tried on the program. Nothing is deployed.</summary>
public class AwsTests(AwsTemplate template) : IClassFixture<AwsTemplate>
{
    [Fact]
    public async Task It_has_only_properties_that_CDK_knows()
    {
        using var folder = new TempFolder();
        Directory.CreateSymbolicLink(folder["node_modules"], Path.Combine(AwsTemplate.Recipe, "node_modules"));
        foreach (var name in (string[])["app.js", "stack.js"]) File.Copy(Path.Combine(AwsTemplate.Recipe, name), folder[name]);
        // One run of the compiler for the recipe and for a misspelt one beside it.
        string[] fields = ["idleTimeout", "natGateways", "storageEncrypted", "minHealthyPercent", "deregistrationDelay", "policyDocument", "stopTimeout"];
        var misspelt = fields.Aggregate(await File.ReadAllTextAsync(folder["stack.js"]), (text, field) => text.Replace($"{field}:", $"{field}s:", StringComparison.Ordinal));
        await File.WriteAllTextAsync(folder["misspelt.js"], misspelt);
        var options = (await File.ReadAllTextAsync(Path.Combine(AwsTemplate.Recipe, "jsconfig.json"))).Replace("\"stack.js\"", "\"stack.js\", \"misspelt.js\"", StringComparison.Ordinal);
        await File.WriteAllTextAsync(folder["jsconfig.json"], options);

        var (_, output) = await Daemon.Run(Require.Program("node"), Path.Combine(AwsTemplate.Recipe, "node_modules", "typescript", "bin", "tsc"), "--project", folder["jsconfig.json"]);
        output.Should().NotContain("app.js(").And.NotContain("stack.js(");
        foreach (var field in fields) output.Should().Contain($"'{field}s' does not exist in type");
    }

    [Fact]
    public void CDK_makes_the_template_without_a_warning_and_without_assets()
    {
        template.Output.Should().BeEmpty();
        template.Root.GetProperty("Parameters").EnumerateObject().Select(parameter => parameter.Name).Should().BeEquivalentTo("Image", "Name", "Certificate", "Broker", "BrokerIdentity", "BrokerCertificate");
    }

    [Fact]
    public void WebSockets_outlive_the_idle_timeout_and_only_the_load_balancer_is_public()
    {
        var attributes = Attributes(template.Only("AWS::ElasticLoadBalancingV2::LoadBalancer"), "LoadBalancerAttributes");
        int.Parse(attributes["idle_timeout.timeout_seconds"]).Should().BeGreaterThan((int)(2 * new Api.Sockets.SocketTimeouts().PingInterval.TotalSeconds));
        var group = template.Only("AWS::ElasticLoadBalancingV2::TargetGroup");
        group.GetProperty("HealthCheckPath").GetString().Should().Be("/health/live");
        Attributes(group, "TargetGroupAttributes").GetValueOrDefault("stickiness.enabled", "false").Should().Be("false");

        var listeners = template.All("AWS::ElasticLoadBalancingV2::Listener").ToDictionary(listener => listener.GetProperty("Port").GetInt32());
        listeners.Keys.Should().BeEquivalentTo([80, 443]);
        listeners[80].GetProperty("DefaultActions")[0].GetProperty("RedirectConfig").GetProperty("Protocol").GetString().Should().Be("HTTPS");
        listeners[443].GetProperty("Protocol").GetString().Should().Be("HTTPS");
        listeners[443].GetProperty("Certificates")[0].GetProperty("CertificateArn").GetProperty("Ref").GetString().Should().Be("Certificate");

        // Server and database take connections of a security group only, never of an address.
        template.All("AWS::EC2::SecurityGroup").SelectMany(Ingress).Select(rule => rule.GetProperty("ToPort").GetInt32()).Should().BeEquivalentTo([80, 443]);
        template.All("AWS::EC2::SecurityGroupIngress").Should().HaveCount(2).And.OnlyContain(rule => rule.GetRawText().Contains("SourceSecurityGroupId", StringComparison.Ordinal));
    }

    [Fact]
    public void There_is_one_server_and_the_database_keeps_its_data()
    {
        var service = template.Only("AWS::ECS::Service");
        service.GetProperty("DesiredCount").GetInt32().Should().Be(1);
        service.GetProperty("DeploymentConfiguration").GetProperty("MaximumPercent").GetInt32().Should().Be(100, "two tasks with one client id would disconnect each other");
        var database = template.Only("AWS::RDS::DBInstance");
        database.GetProperty("PubliclyAccessible").GetBoolean().Should().BeFalse();
        database.GetProperty("StorageEncrypted").GetBoolean().Should().BeTrue();
        database.GetProperty("DeletionProtection").GetBoolean().Should().BeTrue();
        database.GetProperty("BackupRetentionPeriod").GetInt32().Should().BeGreaterThan(0);
        template.All("AWS::EC2::NatGateway").Should().BeEmpty();
    }

    [Fact]
    public async Task The_policy_of_the_broker_allows_the_servers_requests_and_the_program_takes_its_environment()
    {
        using var folder = new TempFolder();
        var (certificate, key) = CertificateAuthority.Pem("telemetry");
        var pem = certificate + "\n" + key;
        var container = template.Only("AWS::ECS::TaskDefinition").GetProperty("ContainerDefinitions")[0];
        var environment = container.GetProperty("Environment").EnumerateArray().ToDictionary(entry => entry.GetProperty("Name").GetString()!, entry => Text(entry.GetProperty("Value")));
        var policy = template.Only("AWS::IoT::Policy").GetRawText();
        policy.Should().Contain($"client/{environment["Mqtt__ClientId"]}").And.Contain("topicfilter/wican/*").And.Contain("topic/wican/*").And.NotContain("iot:*").And.NotContain("iot:Publish");
        environment.Should().NotContain(entry => entry.Key.Contains("Password", StringComparison.OrdinalIgnoreCase) || entry.Key.Contains("SigningKey", StringComparison.Ordinal));
        var secrets = container.GetProperty("Secrets").EnumerateArray().Select(secret => secret.GetProperty("Name").GetString()).ToList();
        secrets.Should().BeEquivalentTo("Auth__SigningKey", "PGPASSWORD", "BROKER_PEM");

        // The container's command, up to the program, puts the certificate where the setting says.
        var command = container.GetProperty("Command")[0].GetString()!;
        command.Should().Contain($">{environment["Mqtt__Certificate"]} ");
        var beginning = command[..command.IndexOf(" && exec", StringComparison.Ordinal)].Replace(environment["Mqtt__Certificate"], folder["broker.pem"], StringComparison.Ordinal);
        (await Daemon.Run("bash", new Dictionary<string, string> { ["BROKER_PEM"] = pem }, "-c", beginning)).ExitCode.Should().Be(0);
        (await File.ReadAllTextAsync(folder["broker.pem"])).Should().Be(pem);

        environment["Mqtt__Certificate"] = folder["broker.pem"];
        environment["Mqtt__Host"] = "127.0.0.1";
        environment["Auth__SigningKey"] = new string('k', 64);
        environment["PGPASSWORD"] = "choose-one";
        container.GetProperty("PortMappings")[0].GetProperty("ContainerPort").GetInt32().Should().Be(new Uri(environment["Urls"].Replace("+", "any", StringComparison.Ordinal)).Port);
        await RecipeEnvironment.MustBeTaken(environment, template.Only("AWS::ElasticLoadBalancingV2::TargetGroup").GetProperty("HealthCheckPath").GetString()!);
    }

    static Dictionary<string, string> Attributes(JsonElement resource, string name) =>
        resource.GetProperty(name).EnumerateArray().ToDictionary(item => item.GetProperty("Key").GetString()!, item => item.GetProperty("Value").GetString()!);

    static IEnumerable<JsonElement> Ingress(JsonElement group) => group.TryGetProperty("SecurityGroupIngress", out var rules) ? rules.EnumerateArray() : [];

    // Values known only at deployment become example names.
    static string Text(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()!
        : value.TryGetProperty("Fn::Join", out var join) ? string.Concat(join[1].EnumerateArray().Select(Text)) : "name.example";
}
