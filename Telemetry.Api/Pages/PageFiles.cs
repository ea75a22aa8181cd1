using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Text;
using Microsoft.AspNetCore.StaticFiles;
using Telemetry.Api.Hosting;

namespace Telemetry.Api.Pages;

/// <summary>The files of <c>wwwroot</c>. Pages load theirs from <c>v/{version}/</c>, a hash of all files, so that they can be cached for ever and modules keep their relative imports. The pages themselves are revalidated each time.</summary>
sealed class PageFiles
{
    const string ServiceWorker = "sw.js";
    const string NotFoundPage = "404.html";

    // Deeper addresses share a page whose links lead to one of the folders, instead of one page each.
    const int MaxFolders = 16;

    static readonly FileExtensionContentTypeProvider Types = new();

    readonly FrozenDictionary<string, PageFile> _files;
    readonly ConcurrentDictionary<int, PageFile> _notFound = new();
    readonly PageMarkup _markup;
    readonly string _folder;

    /// <param name="folder">If it is missing, there are no files.</param>
    public PageFiles(string? folder, bool isDemo)
    {
        var paths = Directory.Exists(folder) ? Directory.GetFiles(folder, "*", SearchOption.AllDirectories) : [];
        var hashes = paths.ToDictionary(path => Path.GetRelativePath(folder!, path).Replace('\\', '/'), path => PageFile.HashOf(File.ReadAllBytes(path)));
        var all = string.Concat(hashes.OrderBy(file => file.Key, StringComparer.Ordinal).Select(file => file.Key + file.Value));
        Version = PageFile.HashOf(Encoding.UTF8.GetBytes(ProductVersion.Text + all))[..12];

        _folder = folder ?? "";
        _markup = new PageMarkup(Version, hashes.Keys, name => File.ReadAllText(Path.Combine(folder!, name)), isDemo);
        _files = hashes.Where(file => !file.Key.StartsWith(PageMarkup.SharedFolder, StringComparison.Ordinal)).ToFrozenDictionary(file => file.Key, file => Make(file.Key, file.Value, Path.Combine(folder!, file.Key), _markup), StringComparer.Ordinal);
    }

    public string Version { get; }

    /// <summary>Null if there is none. <c>IsFinal</c>: the address will never have another content.</summary>
    public (PageFile? File, bool IsFinal) Find(string path)
    {
        var name = path.TrimStart('/');
        if (name.Length == 0) return (_files.GetValueOrDefault("index.html"), false);
        if (!name.StartsWith("v/", StringComparison.Ordinal)) return (_files.GetValueOrDefault(name), false);

        // A page loaded before an update of the server gets the current file, which is better than an error.
        var end = name.IndexOf('/', 2);
        return end < 0 ? (null, false) : (_files.GetValueOrDefault(name[(end + 1)..]), name.AsSpan(2, end - 2).SequenceEqual(Version));
    }

    /// <summary>The page for unknown addresses, with links that lead out of the folders of the path; null if there is no such page.</summary>
    public PageFile? NotFound(string path) => _files.ContainsKey(NotFoundPage) ? _notFound.GetOrAdd(Math.Min(path.AsSpan(1).Count('/'), MaxFolders), MakeNotFound) : null;

    PageFile MakeNotFound(int folders)
    {
        var page = _markup.Write(NotFoundPage, File.ReadAllText(Path.Combine(_folder, NotFoundPage)));
        var content = Encoding.UTF8.GetBytes(PageMarkup.InFolders(page, folders));
        return new PageFile("text/html", PageFile.HashOf(content), () => content);
    }

    static PageFile Make(string name, string hash, string path, PageMarkup markup)
    {
        var type = name.EndsWith(".webmanifest", StringComparison.Ordinal) ? "application/manifest+json"
            : Types.TryGetContentType(name, out var known) ? known : "application/octet-stream";
        if (name.EndsWith(".html", StringComparison.Ordinal)) return Made(markup.Write(name, File.ReadAllText(path)));
        // Browsers detect a new version of the app by comparing this file.
        if (name == ServiceWorker) return Made(markup.WriteWorker(File.ReadAllText(path)));
        return new PageFile(type, hash, () => File.ReadAllBytes(path));

        PageFile Made(string text)
        {
            var content = Encoding.UTF8.GetBytes(text);
            return new PageFile(type, PageFile.HashOf(content), () => content);
        }
    }
}
