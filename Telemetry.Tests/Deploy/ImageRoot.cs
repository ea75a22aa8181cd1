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

    /// <summary>Command that runs its program.</summary>
    public IReadOnlyList<string> Program() =>
    [
        "unshare", "--mount", "sh", "-c", """
        root=$1 user=$2; shift 2
        mkdir -p "$root/proc" "$root/dev" && mount --bind "$root" "$root" && mount -t proc proc "$root/proc" && mount --rbind /dev "$root/dev" && mount -t tmpfs -o mode=700,uid=1654,gid=1654 tmpfs "$root/data" &&
            mount -o remount,ro,bind "$root" && exec chroot --userspec="$user" "$root" "$@"
        """,
        "sh", Path, Config.GetProperty("User").GetString()!, Config.GetProperty("Entrypoint")[0].GetString()!, "--History:SqlitePath=/data/telemetry.db", "--History:SpoolPath=/data/spool.db",
    ];

    public ValueTask DisposeAsync()
    {
        _document.Dispose();
        return ValueTask.CompletedTask;
    }
}
