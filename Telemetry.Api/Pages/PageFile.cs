using System.IO.Compression;
using System.IO.Hashing;
using Microsoft.Net.Http.Headers;

namespace Telemetry.Api.Pages;

/// <summary>One file of the pages, compressed at its first request. Only the compressed forms are cached: each uncompressed answer reads the file.</summary>
sealed class PageFile(string contentType, string hash, Func<byte[]> read)
{
    // The best quality takes more than a second for the library of the 3D vehicle, and a few milliseconds for a module.
    const int BrotliQuality = 9;
    const int BrotliQualityOfModules = 11;
    const int MaxModuleLength = 64 * 1024;
    const int BrotliWindow = 22;

    readonly string _etag = $"W/\"{hash}\"";
    readonly bool _isText = contentType.StartsWith("text/", StringComparison.Ordinal) || contentType.Contains("json") || contentType.Contains("xml");
    readonly Lazy<byte[]> _brotli = new(() => Brotli(read()));
    readonly Lazy<byte[]> _gzip = new(() => Gzip(read()));

    public static string HashOf(byte[] content) => Convert.ToHexStringLower(XxHash128.Hash(content));

    /// <summary>Answers GET and HEAD; 304 if the client has the current version. <paramref name="isFinal"/>: the address will never have another content.</summary>
    public async Task SendAsync(HttpContext http, bool isFinal, int status = StatusCodes.Status200OK)
    {
        var (request, response) = (http.Request, http.Response);
        response.Headers.CacheControl = isFinal ? "max-age=31536000, immutable" : "no-cache";
        if (!isFinal && status == StatusCodes.Status200OK) response.Headers.ETag = _etag;
        if (_isText) response.Headers.Vary = HeaderNames.AcceptEncoding;
        response.StatusCode = status;
        if (status == StatusCodes.Status200OK && request.Headers.IfNoneMatch.ToString() is { Length: > 0 } known && (known == "*" || known.Contains(_etag)))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        var (body, encoding) = Encoded(request);
        response.ContentType = contentType;
        response.ContentLength = body.Length;
        if (encoding is not null) response.Headers.ContentEncoding = encoding;
        if (!HttpMethods.IsHead(request.Method)) await response.Body.WriteAsync(body, http.RequestAborted);
    }

    (byte[] Body, string? Encoding) Encoded(HttpRequest request)
    {
        if (!_isText) return (read(), null);
        var accepted = request.GetTypedHeaders().AcceptEncoding;
        bool Accepts(string encoding) => accepted.Any(given => given.Value.Equals(encoding, StringComparison.OrdinalIgnoreCase) && given.Quality is null or > 0);
        if (Accepts("br")) return (_brotli.Value, "br");
        return Accepts("gzip") ? (_gzip.Value, "gzip") : (read(), null);
    }

    static byte[] Brotli(byte[] content)
    {
        var compressed = new byte[BrotliEncoder.GetMaxCompressedLength(content.Length)];
        if (!BrotliEncoder.TryCompress(content, compressed, out var length, content.Length <= MaxModuleLength ? BrotliQualityOfModules : BrotliQuality, BrotliWindow)) throw new InvalidOperationException("Brotli has no room.");
        return compressed[..length];
    }

    static byte[] Gzip(byte[] content)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Optimal)) gzip.Write(content);
        return compressed.ToArray();
    }
}
