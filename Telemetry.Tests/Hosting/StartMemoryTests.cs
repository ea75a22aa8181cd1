using Telemetry.Api.Hosting;

namespace Telemetry.Tests.Hosting;

public class StartMemoryTests
{
    const string Program = "/usr/lib/telemetry/Telemetry.Api";

    [Theory]
    [InlineData("r-xp", Program, 0, true)]
    [InlineData("r--p", Program, 0, true)]
    [InlineData("r--p", Program, 392, false)] // Relocated at the start: the file has something else.
    [InlineData("rw-p", Program, 0, false)] // Another thread may write at any time.
    [InlineData("r--s", Program, 0, false)]
    [InlineData("r-xp", "/usr/lib/x86_64-linux-gnu/libcrypto.so.3", 0, false)]
    [InlineData("r-xp", Program + " (deleted)", 0, false)] // Replaced by an upgrade.
    public void Only_unwritten_pages_of_the_program_itself_are_dropped(string rights, string path, int anonymous, bool isDropped)
    {
        var lines = Mapping("10000-20000", "rw-p", "", 64).Concat(Mapping("55d0c0a00000-55d0c1e40000", rights, path, anonymous)).Concat(Mapping("7f0000000000-7f0000001000", "r-xp", "", 0));
        var found = StartMemory.UnchangedMappings(lines, Program).Select(range => $"{range.Start:x}-{range.End:x}");
        found.Should().Equal(isDropped ? ["55d0c0a00000-55d0c1e40000"] : []);
    }

    [Fact]
    public void The_kernel_writes_mappings_as_they_are_read()
    {
        var library = File.ReadLines("/proc/self/maps").First(line => line.Contains("r-xp") && line.Contains("/libc.so")).Split(' ', 6, StringSplitOptions.RemoveEmptyEntries)[^1];
        StartMemory.UnchangedMappings(File.ReadAllLines("/proc/self/smaps"), library).Should().NotBeEmpty();
    }

    static string[] Mapping(string range, string rights, string path, int anonymous) =>
        [$"{range} {rights} 00521000 fe:00 1234{(path == "" ? "" : $"                       {path}")}", "Size:              20728 kB", "Rss:               16792 kB", $"Anonymous:         {anonymous,6} kB", "VmFlags: rd ex mr mw me sd"];
}
