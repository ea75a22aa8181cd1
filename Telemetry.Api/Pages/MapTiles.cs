using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Telemetry.Api.Pages;

/// <summary><c>Map</c>: pictures beneath the routes of drives. They come from another server, which learns the places.</summary>
sealed class MapSettings
{
    /// <summary>Address of a tile with {z}, {x} and {y}, in the numbering of OpenStreetMap; empty: none.</summary>
    [RegularExpression(@"(https?://[A-Za-z0-9.:-]+/(?=[^\s]*\{z\})(?=[^\s]*\{x\})(?=[^\s]*\{y\})[^\s""'<>;,]+)?", ErrorMessage = "takes the http or https address of a tile with {z}, {x} and {y}, or nothing")]
    public string TileUrl { get; set; } = "";

    /// <summary>Text beneath the map that the tiles' owner asks for.</summary>
    public string Attribution { get; set; } = "";

    /// <summary>Origin of the tiles; null without.</summary>
    public string? Origin => TileUrl == "" ? null : new Uri(TileUrl.Replace('{', '-').Replace('}', '-')).GetLeftPart(UriPartial.Authority);
}

[OptionsValidator]
sealed partial class MapValidator : IValidateOptions<MapSettings>;

/// <summary>Answer of <c>GET /map</c>.</summary>
/// <param name="TileUrl">Null: routes are plain lines.</param>
sealed record MapTiles(string? TileUrl, string Attribution)
{
    public static MapTiles Of(MapSettings settings) => new(settings.TileUrl == "" ? null : settings.TileUrl, settings.Attribution);
}
