using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace Telemetry.Tests.Deploy;

/// <summary>The fields of the Compose Specification that the files of the repository use. Any other field is an error.</summary>
sealed class ComposeFile
{
    public Dictionary<string, ComposeService> Services { get; set; } = [];

    public Dictionary<string, ComposeNetwork> Networks { get; set; } = [];

    public Dictionary<string, ComposeConfig> Configs { get; set; } = [];

    public Dictionary<string, ComposeSecret> Secrets { get; set; } = [];

    public Dictionary<string, object?> Volumes { get; set; } = [];

    public static ComposeFile Parse(string text) =>
        new DeserializerBuilder().WithNamingConvention(UnderscoredNamingConvention.Instance).WithDuplicateKeyChecking().Build().Deserialize<ComposeFile>(text);
}

sealed class ComposeService
{
    public string? Build { get; set; }

    public string? Image { get; set; }

    public string? Restart { get; set; }

    public string? StopGracePeriod { get; set; }

    public Dictionary<string, Dictionary<string, string>> DependsOn { get; set; } = [];

    public Dictionary<string, string> Environment { get; set; } = [];

    public List<string> Secrets { get; set; } = [];

    public List<string> Entrypoint { get; set; } = [];

    public List<string> Command { get; set; } = [];

    public List<Dictionary<string, string>> Configs { get; set; } = [];

    public List<string> Ports { get; set; } = [];

    public List<string> Volumes { get; set; } = [];

    public object? Networks { get; set; }

    public ComposeHealthcheck? Healthcheck { get; set; }
}

sealed class ComposeHealthcheck
{
    public List<string> Test { get; set; } = [];

    public string? Interval { get; set; }

    public string? Timeout { get; set; }

    public int Retries { get; set; }

    public string? StartPeriod { get; set; }
}

sealed class ComposeNetwork
{
    public ComposeAddresses? Ipam { get; set; }
}

sealed class ComposeAddresses
{
    public List<Dictionary<string, string>> Config { get; set; } = [];
}

sealed class ComposeConfig
{
    public string? Content { get; set; }
}

sealed class ComposeSecret
{
    public string? Environment { get; set; }
}
