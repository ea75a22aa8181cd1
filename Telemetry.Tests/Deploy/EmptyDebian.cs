using Telemetry.Tests.Support;

namespace Telemetry.Tests.Deploy;

/// <summary>A Debian in a folder, with nothing but its base system and OpenSSL.</summary>
sealed class EmptyDebian : IAsyncDisposable
{
    readonly TempFolder _folder;

    EmptyDebian(TempFolder folder) => _folder = folder;

    public static async Task<EmptyDebian> MakeAsync()
    {
        Require.That(Environment.UserName == "root", "only root can make a Debian in a folder");
        var folder = new TempFolder();
        var (exitCode, output) = await Daemon.Run(Require.Program("mmdebstrap"), "--quiet", "--variant=minbase", "--include=libssl3,systemd", "bookworm", folder["root"]);
        Require.That(exitCode == 0, $"mmdebstrap has made no Debian: {output}");
        return new EmptyDebian(folder);
    }

    /// <summary>Copies a file to its top.</summary>
    public void Take(string file, string name) => File.Copy(file, _folder[$"root/{name}"]);

    /// <summary>Command that runs a program in it as a user.</summary>
    public IReadOnlyList<string> AsUser(string user, string folder, string program) =>
        ["unshare", "--mount", "sh", "-c", """root=$1 user=$2 folder=$3; shift 3; mount -t proc proc "$root/proc" && exec chroot --userspec="$user:$user" "$root" sh -c 'cd "$0" && exec "$@"' "$folder" "$@" """.TrimEnd(), "sh", _folder["root"], user, folder, program];

    /// <summary>Runs a program in it as root.</summary>
    public Task<(int ExitCode, string Output)> RunAsync(params string[] command) =>
        Daemon.Run("unshare", ["--mount", "sh", "-c", """root=$1; shift; mount -t proc proc "$root/proc" && exec chroot "$root" "$@" """.TrimEnd(), "sh", _folder["root"], .. command]);

    /// <summary>The same, for a program that must succeed.</summary>
    /// <returns>Its output.</returns>
    public async Task<string> MustAsync(params string[] command)
    {
        var (exitCode, output) = await RunAsync(command);
        exitCode.Should().Be(0, $"{string.Join(' ', command)}: {output}");
        return output;
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }
}
