using Telemetry.Bench.Rig;
using static System.Globalization.CultureInfo;

namespace Telemetry.Bench.Fairness;

/// <summary>The process that plays all the bad clients. Asked with a line, it tells what has become of them and lets go of them.</summary>
static class Misbehaving
{
    /// <summary>Begins its answer.</summary>
    public const string Mark = "> ";

    public static async Task Run(Arguments arguments, CancellationToken cancel)
    {
        var port = arguments.Number("port", usual: 0, smoke: 0, most: ushort.MaxValue);
        var each = arguments.Number("each", usual: 100, smoke: 1);
        var pause = TimeSpan.FromMilliseconds(arguments.Number("pause", usual: 1000, smoke: 1000));
        arguments.NoMore();

        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var deeds = new Deeds();
        var clients = Enumerable.Range(0, each).SelectMany(index => new[]
        {
            BadClient.ReadNothing(port, deeds, leaving.Token), BadClient.ReadSlowly(port, deeds, leaving.Token),
            BadClient.Vanish(port, pause, index, deeds, leaving.Token), BadClient.SendGarbage(port, pause, index, deeds, leaving.Token),
        }).ToArray();
        await Console.In.ReadLineAsync(cancel);
        await leaving.CancelAsync();
        await Task.WhenAll(clients);
        Console.WriteLine(Mark + string.Create(InvariantCulture,
            $"{deeds.DeafCutOff} of {each} that read nothing and {deeds.SlowCutOff} of {each} that read a byte a second were cut off; {deeds.Vanished} vanished; {deeds.Refused} of {deeds.Garbage} with garbage were ended"));
    }
}

/// <summary>Counts of the bad clients' actions and of the server's reactions.</summary>
sealed class Deeds
{
    int _deafCutOff;
    int _slowCutOff;
    int _vanished;
    int _garbage;
    int _refused;

    public int DeafCutOff => _deafCutOff;

    public int SlowCutOff => _slowCutOff;

    public int Vanished => _vanished;

    public int Garbage => _garbage;

    public int Refused => _refused;

    public void CutOffDeaf() => Interlocked.Increment(ref _deafCutOff);

    public void CutOffSlow() => Interlocked.Increment(ref _slowCutOff);

    public void Vanish() => Interlocked.Increment(ref _vanished);

    public void SendGarbage() => Interlocked.Increment(ref _garbage);

    public void Refuse() => Interlocked.Increment(ref _refused);
}
