using System.Formats.Tar;
using System.Text.Json;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Deploy;

/// <summary>The files and the configuration of a container image, run as an engine would: its own root that cannot be written, its user, an empty volume.</summary>
sealed class ImageRoot : IAsyncDisposable
{
    readonly JsonDocument _document;

    ImageRoot(string path, JsonDocument document) => (Path, _document) = (path, document);

    public string Path { get; }

    public JsonElement Config => _document.RootElement.GetProperty("config");

    public static async Task<ImageRoot> UnpackAsync(string archive, TempFolder folder)
    {
        Require.That(Environment.UserName == "root", "only root can change the root of a program");
        var (parts, root) = (folder["parts"], folder["image"]);
        Directory.CreateDirectory(parts);
        Directory.CreateDirectory(root);
        await TarFile.ExtractToDirectoryAsync(archive, parts, overwriteFiles: true);
        using var manifest = JsonDocument.Parse(await File.ReadAllTextAsync(System.IO.Path.Combine(parts, "manifest.json")));
        var image = manifest.RootElement[0];
        foreach (var layer in image.GetProperty("Layers").EnumerateArray())
        {
            // With the owners, which the library leaves out.
            var (exitCode, output) = await Daemon.Run("tar", "-C", root, "--numeric-owner", "-xpf", System.IO.Path.Combine(parts, layer.GetString()!));
            exitCode.Should().Be(0, output);
        }

        return new ImageRoot(root, JsonDocument.Parse(await File.ReadAllTextAsync(System.IO.Path.Combine(parts, image.GetProperty(nameof(Config)).GetString()!))));
    }

    /// <summary>Variables that it sets.</summary>
    public Dictionary<string, string> Variables => Config.GetProperty("Env").EnumerateArray().Select(variable => variable.GetString()!.Split('=', 2)).ToDictionary(parts => parts[0], parts => parts[1]);

    /// <summary>Command that runs its program in its working directory.</summary>
    public IReadOnlyList<string> Program()
    {
        var user = Config.GetProperty("User").GetString()!.Split(':');
        return
        [
            "unshare", "--mount", "sh", "-c", """
            root=$1; shift
            mkdir -p "$root/proc" "$root/dev" && mount --bind "$root" "$root" && mount -t proc proc "$root/proc" && mount --rbind /dev "$root/dev" && mount -t tmpfs -o mode=700,uid=1654,gid=1654 tmpfs "$root/data" &&
                mount -o remount,ro,bind "$root" && exec setpriv --clear-groups unshare --root="$root" "$@"
            """,
            "sh", Path, $"--wd={Config.GetProperty("WorkingDir").GetString()}", $"--setuid={user[0]}", $"--setgid={user[1]}", Config.GetProperty("Entrypoint")[0].GetString()!,
        ];
    }

    public ValueTask DisposeAsync()
    {
        _document.Dispose();
        return ValueTask.CompletedTask;
    }
}
