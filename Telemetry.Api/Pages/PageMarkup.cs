using System.Text.Json;
using System.Text.RegularExpressions;
using Telemetry.Api.Hosting;

namespace Telemetry.Api.Pages;

/// <summary>Builds a page for a version: with the shared markup, versioned addresses, and a <c>modulepreload</c> for each imported module, so that all are requested at once. Pages of the demo say so.</summary>
sealed partial class PageMarkup(string version, IEnumerable<string> names, Func<string, string> read, bool isDemo)
{
    /// <summary>Included in pages, never served by itself.</summary>
    public const string SharedFolder = "shared/";

    readonly HashSet<string> _names = [.. names];

    /// <summary>The link to <paramref name="name"/> is marked in the navigation.</summary>
    public string Write(string name, string page)
    {
        var link = $"<a data-page href=\"{(name == "index.html" ? "./" : name)}\"";
        var complete = Shared().Replace(page, shared => ReadShared(shared.Groups["name"].Value)).Replace(link, link + " aria-current=\"page\"", StringComparison.Ordinal)
            .Replace("data-version>Telemetry", $"data-version>Telemetry {ProductVersion.Text}", StringComparison.Ordinal);
        var preloaded = Script().Replace(complete, script => string.Concat(ImportedBy(script.Groups["name"].Value).Select(name => $"<link rel=\"modulepreload\" href=\"{name}\">\n  ")) + script.Value);
        return Reference().Replace(preloaded, reference => _names.Contains(reference.Groups["name"].Value)
            ? $"{reference.Groups["attribute"].Value}=\"v/{version}/{reference.Groups["name"].Value}\""
            : reference.Value);
    }

    string ReadShared(string name) => (isDemo && name == "header.html" ? read(SharedFolder + "demo.html") : "") + read(SharedFolder + name);

    /// <summary>The relative addresses lead out of the folders.</summary>
    public static string InFolders(string page, int folders) => RelativeAddress().Replace(page, address => address.Value + string.Concat(Enumerable.Repeat("../", folders)));

    public string WriteWorker(string worker) => worker
        .Replace("const VERSION = '';", $"const VERSION = '{version}';", StringComparison.Ordinal)
        .Replace("const FILES = [];", $"const FILES = {JsonSerializer.Serialize([.. _names.Where(name => Reference().IsMatch($"src=\"{name}\"")).Order(StringComparer.Ordinal)], PagesJson.Default.StringArray)};", StringComparison.Ordinal);

    /// <summary>Directly or indirectly, each once.</summary>
    List<string> ImportedBy(string module)
    {
        var found = new List<string>();
        AddImports(module);
        return found;

        void AddImports(string name)
        {
            if (!name.StartsWith("js/", StringComparison.Ordinal)) return; // Libraries import nothing that pages load at once.
            foreach (Match import in Import().Matches(read(name)))
            {
                var imported = new Uri(new Uri($"file:///{name}"), import.Groups["path"].Value).AbsolutePath.TrimStart('/');
                if (!_names.Contains(imported) || found.Contains(imported)) continue;
                found.Add(imported);
                AddImports(imported);
            }
        }
    }

    [GeneratedRegex("^ *<!-- shared: (?<name>[a-z]+\\.html) -->\r?\n", RegexOptions.Multiline)]
    private static partial Regex Shared();

    [GeneratedRegex("""(?<attribute>href|src)="(?<name>(css|js|lib|icons)/[^"]+)""" + "\"")]
    private static partial Regex Reference();

    [GeneratedRegex("""\b(href|src)="(?![a-z]+:|[/#])""")]
    private static partial Regex RelativeAddress();

    [GeneratedRegex("""<script type="module" src="(?<name>[^"]+)""" + "\"")]
    private static partial Regex Script();

    // Minified or not. Not import(), which is called later.
    [GeneratedRegex("""\b(import|export)\s*([\w\s{},*$]+from\s*)?["'](?<path>\.[^"']+)["']""")]
    private static partial Regex Import();
}
