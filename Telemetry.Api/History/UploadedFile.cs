using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Telemetry.Api.History;

/// <summary>The request's body, or the first file of its form (<c>curl -F file=@log.csv</c>).</summary>
static class UploadedFile
{
    const int MaxBoundary = 70; // RFC 2046

    public static async Task<(string Name, System.IO.Stream Content)> OpenAsync(HttpRequest request, CancellationToken cancelled)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || !type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)) return ("", request.Body);
        var boundary = HeaderUtilities.RemoveQuotes(type.Boundary).Value;
        if (boundary is not { Length: > 0 and <= MaxBoundary }) return ("", request.Body);
        var form = new MultipartReader(boundary, request.Body);
        while (await form.ReadNextSectionAsync(cancelled) is { } section)
            if (section.GetContentDispositionHeader() is { } disposition && disposition.IsFileDisposition()) return (Path.GetFileNameWithoutExtension(disposition.FileName.Value ?? ""), section.Body);
        return ("", System.IO.Stream.Null);
    }
}
