using k8s;
using k8s.Models;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Deploy;

/// <summary>The manifests for Kubernetes: rendered by kubectl, parsed strictly, and their settings tried on the program. No cluster runs here.</summary>
public class KubernetesTests
{
    public static TheoryData<string> Overlays => ["single", "services", "cluster"];

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task Every_manifest_has_only_fields_that_Kubernetes_knows(string overlay)
    {
        var text = await Render(overlay);
        Parse(text).Should().NotBeEmpty();
        var misspelt = () => Parse(text.Replace("readinessProbe:", "readynessProbe:", StringComparison.Ordinal));
        misspelt.Should().Throw<Exception>().Where(error => error.ToString().Contains("readynessProbe", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task No_container_runs_as_root_or_writes_outside_its_volumes(string overlay)
    {
        foreach (var pod in Parse(await Render(overlay)).OfType<V1StatefulSet>().Select(set => set.Spec.Template.Spec))
        {
            pod.SecurityContext.RunAsNonRoot.Should().BeTrue();
            pod.SecurityContext.RunAsUser.Should().BePositive();
            pod.AutomountServiceAccountToken.Should().BeFalse();
            foreach (var container in pod.Containers)
            {
                container.SecurityContext.ReadOnlyRootFilesystem.Should().BeTrue(container.Name);
                container.SecurityContext.AllowPrivilegeEscalation.Should().BeFalse(container.Name);
                container.SecurityContext.Capabilities.Drop.Should().Equal("ALL");
                container.Resources.Limits.Should().ContainKey("memory").And.NotContainKey("cpu", "a limit of CPU makes live values late");
                container.Resources.Requests.Keys.Should().BeEquivalentTo("cpu", "memory");
                container.ReadinessProbe.Should().NotBeNull(container.Name);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task Services_budgets_and_policies_find_their_pods_and_ports(string overlay)
    {
        var objects = Parse(await Render(overlay));
        var sets = objects.OfType<V1StatefulSet>().ToList();
        V1PodSpec PodOf(IDictionary<string, string> selector) => sets.Single(set => selector.All(set.Spec.Template.Metadata.Labels.Contains)).Spec.Template.Spec;
        IEnumerable<string> PortsOf(IDictionary<string, string> selector) => PodOf(selector).Containers.SelectMany(container => container.Ports).Select(port => port.Name);
        sets.Should().OnlyContain(set => set.Spec.Selector.MatchLabels.All(set.Spec.Template.Metadata.Labels.Contains));
        sets.Select(set => set.Spec.ServiceName).Should().BeSubsetOf(objects.OfType<V1Service>().Select(service => service.Metadata.Name));
        foreach (var service in objects.OfType<V1Service>()) service.Spec.Ports.Select(port => port.TargetPort.Value).Should().BeSubsetOf(PortsOf(service.Spec.Selector), service.Metadata.Name);
        foreach (var policy in objects.OfType<V1NetworkPolicy>()) policy.Spec.Ingress.SelectMany(rule => rule.Ports).Select(port => port.Port.Value).Should().BeSubsetOf(PortsOf(policy.Spec.PodSelector.MatchLabels));
        foreach (var budget in objects.OfType<V1PodDisruptionBudget>())
        {
            PodOf(budget.Spec.Selector.MatchLabels);
            budget.Spec.MinAvailable.Should().BeNull("the only server could never be moved");
        }

        foreach (var pod in sets.Select(set => set.Spec.Template.Spec))
            foreach (var map in pod.Volumes.Where(volume => volume.ConfigMap is not null)) objects.OfType<V1ConfigMap>().Select(item => item.Metadata.Name).Should().Contain(map.ConfigMap.Name);
    }

    [Theory]
    [InlineData("single", "Broker__Username=wican", "Broker__Password=choose-one")]
    [InlineData("services", "Mqtt__Password=choose-one", "PGPASSWORD=choose-another")]
    public async Task The_program_starts_with_the_environment_of_its_pod_and_answers_its_probes(string overlay, params string[] secrets)
    {
        var objects = Parse(await Render(overlay));
        var container = objects.OfType<V1StatefulSet>().Single(set => set.Metadata.Name == "telemetry").Spec.Template.Spec.Containers.Single();
        var environment = objects.OfType<V1ConfigMap>().Single(map => map.Metadata.Name == container.EnvFrom[0].ConfigMapRef.Name).Data
            .Concat(container.Env.Select(entry => KeyValuePair.Create(entry.Name, entry.Value ?? "telemetry-0")))
            .Concat(secrets.Append("Auth__SigningKey=a key of more than thirty-two bytes").Select(secret => KeyValuePair.Create(secret[..secret.IndexOf('=')], secret[(secret.IndexOf('=') + 1)..])))
            .ToDictionary();
        // The recipe's own comment names the same secrets.
        var recipe = await File.ReadAllTextAsync(Path.Combine(Folder(overlay), "kustomization.yaml"));
        secrets.Select(secret => secret[..secret.IndexOf('=')]).Append("Auth__SigningKey").Should().OnlyContain(name => recipe.Contains($"--from-literal={name}=", StringComparison.Ordinal));

        container.Ports.Single(item => item.Name == "http").ContainerPort.Should().Be(new Uri(environment["Urls"].Replace("+", "any", StringComparison.Ordinal)).Port);
        await RecipeEnvironment.MustBeTaken(environment, container.StartupProbe.HttpGet.Path, container.LivenessProbe.HttpGet.Path, container.ReadinessProbe.HttpGet.Path);
        environment["Mqtt__Hots"] = "mosquitto";
        var misspelt = () => RecipeEnvironment.MustBeTaken(environment);
        (await misspelt.Should().ThrowAsync<Exception>()).WithMessage("*Unknown setting Mqtt:Hots.*");
    }

    [Fact]
    public async Task Three_instances_share_a_name_and_a_session_and_each_names_its_own_address()
    {
        var objects = Parse(await Render("cluster"));
        var set = objects.OfType<V1StatefulSet>().Single(set => set.Metadata.Name == "telemetry");
        var container = set.Spec.Template.Spec.Containers.Single();
        set.Spec.Replicas.Should().Be(3);
        container.Image.Should().StartWith("telemetry-cluster:");
        container.Env.Single(entry => entry.Name == "Cluster__Address").ValueFrom.FieldRef.FieldPath.Should().Be("status.podIP");
        var settings = objects.OfType<V1ConfigMap>().Single(map => map.Metadata.Name == container.EnvFrom[0].ConfigMapRef.Name).Data
            .Concat(container.Env.Where(entry => entry.Name.Contains("__", StringComparison.Ordinal)).Select(entry => KeyValuePair.Create(entry.Name, entry.Value ?? "10.0.0.1")))
            .Select(entry => $"--{entry.Key.Replace("__", ":", StringComparison.Ordinal)}={entry.Value}").ToArray();
        settings.Should().Contain("--Mqtt:ClientId=telemetry").And.Contain("--Cluster:Name=telemetry");
        await ClusterBuild.MustTake(settings);
        var misspelt = () => ClusterBuild.MustTake([.. settings, "--Cluster:Adress=10.0.0.1"]);
        (await misspelt.Should().ThrowAsync<Exception>()).WithMessage("Unknown setting Cluster:Adress.*");

        // Other pods reach HTTP only.
        var between = objects.OfType<V1NetworkPolicy>().Single(policy => policy.Metadata.Name == "telemetry").Spec.Ingress.Single(rule => rule.Ports.Any(port => port.Port.Value == "cluster"));
        between.FromProperty.Should().ContainSingle().Which.PodSelector.MatchLabels.Should().Equal(set.Spec.Selector.MatchLabels);
    }

    static string Folder(string overlay) => Path.Combine(Repository.Top, "deploy", "kubernetes", overlay);

    static async Task<string> Render(string overlay)
    {
        var (exitCode, output) = await Daemon.Run(Require.Program("kubectl"), "kustomize", Folder(overlay));
        exitCode.Should().Be(0, output);
        return output;
    }

    static List<object> Parse(string text) => KubernetesYaml.LoadAllFromString(text, null, strict: true);
}
