using Telemetry.Bench.Rig;

namespace Telemetry.Bench.Native;

/// <summary>Resident memory of a process in MiB.</summary>
/// <param name="Own">In no file.</param>
/// <param name="OfFiles">Pages of programs and libraries, which the kernel can drop and read again.</param>
sealed record Memory(double Own, double OfFiles)
{
    public double Resident => Own + OfFiles;

    public static Memory Of(int processId) => new(ProcessUsage.OwnMib(processId), ProcessUsage.FileMib(processId));
}
