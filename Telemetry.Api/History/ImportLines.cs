using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Unicode;

namespace Telemetry.Api.History;

static class ImportLines
{
    /// <summary>Fits several hundred columns. A longer line is cut, and refused by the caller.</summary>
    public const int MaxLength = 65_536;

    // Shows the encoding: the header with its degree signs comes first.
    const int SniffedBytes = 4096;

    /// <summary>UTF-8, UTF-16 with or without a byte order mark, otherwise Latin-1.</summary>
    public static async Task<StreamReader> OpenAsync(System.IO.Stream stream, CancellationToken cancelled)
    {
        var file = PipeReader.Create(stream);
        var beginning = await file.ReadAtLeastAsync(SniffedBytes, cancelled);
        var encoding = EncodingOf(beginning.Buffer.Slice(0, Math.Min(SniffedBytes, beginning.Buffer.Length)).ToArray());
        file.AdvanceTo(beginning.Buffer.Start);
        return new StreamReader(file.AsStream(), encoding);
    }

    public static async IAsyncEnumerable<string> ReadAsync(TextReader text, [EnumeratorCancellation] CancellationToken cancelled)
    {
        var buffer = new char[16 * 1024];
        var line = new StringBuilder();
        for (int count; (count = await text.ReadAsync(buffer, cancelled)) > 0;)
        {
            for (var start = 0; start < count;)
            {
                var end = Array.IndexOf(buffer, '\n', start, count - start);
                line.Append(buffer, start, (end < 0 ? count : end) - start);
                start = end < 0 ? count : end + 1;
                if (end < 0 && line.Length <= MaxLength) continue;
                yield return line.ToString().TrimEnd('\r');
                line.Clear();
            }
        }

        if (line.Length > 0) yield return line.ToString().TrimEnd('\r');
    }

    // The reader itself detects byte order marks.
    static Encoding EncodingOf(ReadOnlySpan<byte> start)
    {
        if (start.Length >= 2 && start[0] != 0 && start[1] == 0) return Encoding.Unicode;
        if (start.Length >= 2 && start[0] == 0 && start[1] != 0) return Encoding.BigEndianUnicode;
        var text = start;
        // The last letter may be incomplete.
        for (var cut = 0; cut < 4 && text.Length > 0; cut++, text = text[..^1])
            if (Utf8.IsValid(text)) return Encoding.UTF8;
        return start.IsEmpty || (start.Length >= 2 && start[0] >= 0xFE && start[1] >= 0xFE) ? Encoding.UTF8 : Encoding.Latin1;
    }
}
