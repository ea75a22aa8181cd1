using System.Text.Json;
using System.Text.RegularExpressions;

namespace Telemetry.Api.Pages;

/// <summary>
/// Writes a page for a version: with the markup that it shares with other pages, what it loads at its versioned address, and beforehand a <c>modulepreload</c> for each module that its
/// script imports, so that they all come at once and not one level of imports after the other.
/// </summary>
/// <param name="version">Part of the addresses.</param>
/// <param name="names">Of all files.</param>
/// <param name="read">The text of one.</param>
sealed partial class PageMarkup(string version, IEnumerable<string> names, Func<string, string> read)
{
    /// <summary>Folder of the markup that pages share. It is part of pages, and served with them only.</summary>
    public const string SharedFolder = "shared/";

    readonly HashSet<string> _names = [.. names];

    /// <summary>A page, whole, with the addresses of the version.</summary>
    /// <param name="name">Of its file: the link to it is marked in the navigation.</param>
    /// <param name="page">Its own markup.</param>
    public string Write(string name, string page)
    {
        var link = $"<a data-page href=\"{(name == "index.html" ? "./" : name)}\"";
        var whole = Shared().Replace(page, shared => read(SharedFolder + shared.Groups["name"].Value)).Replace(link, link + " aria-current=\"page\"", StringComparison.Ordinal);
        var preloaded = Script().Replace(whole, script => string.Concat(ImportedBy(script.Groups["name"].Value).Select(name => $"<link rel=\"modulepreload\" href=\"{name}\">\n  ")) + script.Value);
        return Reference().Replace(preloaded, reference => _names.Contains(reference.Groups["name"].Value)
            ? $"{reference.Groups["attribute"].Value}=\"v/{version}/{reference.Groups["name"].Value}\""
            : reference.Value);
    }

    /// <summary>Tells the service worker the version, and every file of it.</summary>
    public string WriteWorker(string worker) => worker
        .Replace("const VERSION = '';", $"const VERSION = '{version}';", StringComparison.Ordinal)
        .Replace("const FILES = [];", $"const FILES = {JsonSerializer.Serialize(_names.Where(name => Reference().IsMatch($"src=\"{name}\"")).Order(StringComparer.Ordinal))};", StringComparison.Ordinal);

    /// <summary>The modules that a module needs before it runs, each once.</summary>
    List<string> ImportedBy(string module)
    {
        var found = new List<string>();
        Follow(module);
        return found;

        void Follow(string name)
        {
            if (!name.StartsWith("js/", StringComparison.Ordinal)) return; // Libraries import nothing that the pages load at once.
            foreach (Match import in Import().Matches(read(name)))
            {
                var imported = new Uri(new Uri($"file:///{name}"), import.Groups["path"].Value).AbsolutePath.TrimStart('/');
                if (!_names.Contains(imported) || found.Contains(imported)) continue;
                found.Add(imported);
                Follow(imported);
            }
        }
    }

    [GeneratedRegex("^ *<!-- shared: (?<name>[a-z]+\\.html) -->\r?\n", RegexOptions.Multiline)]
    private static partial Regex Shared();

    [GeneratedRegex("""(?<attribute>href|src)="(?<name>(css|js|lib|icons)/[^"]+)""" + "\"")]
    private static partial Regex Reference();

    [GeneratedRegex("""<script type="module" src="(?<name>[^"]+)""" + "\"")]
    private static partial Regex Script();

    [GeneratedRegex("""^(import|export) ([^'"]+ from )?'(?<path>\.[^']+)';""", RegexOptions.Multiline)]
    private static partial Regex Import();
}
