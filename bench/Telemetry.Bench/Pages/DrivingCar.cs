using System.Diagnostics;
using System.Globalization;
using System.Text;
using Telemetry.Bench.Rig;

namespace Telemetry.Bench.Pages;

/// <summary>A car whose six signals all change with every message.</summary>
sealed class DrivingCar : IDisposable
{
    static readonly byte[] Topic = "wican/bench/group"u8.ToArray();

    readonly MqttLink _link;
    int _sent;

    DrivingCar(MqttLink link) => _link = link;

    public static async Task<DrivingCar> Connect(int port, CancellationToken cancel) => new(await MqttLink.Open(port, "bench-page", cancel));

    /// <summary>Publishes so many messages at a rate.</summary>
    public async Task Drive(int messages, double perSecond, CancellationToken cancel)
    {
        var begin = Stopwatch.GetTimestamp();
        for (var i = 1; i <= messages; i++)
        {
            var at = _sent++ / 25.0;
            _link.Add(Topic, Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture,
                $"{{\"rpm\":{1800 + (900 * Math.Sin(at)):0},\"vehicle_speed\":{60 + (40 * Math.Sin(at / 3)):0.0},\"coolant_temperature\":{85 + Math.Sin(at / 9):0.0},\"engine_load\":{50 + (30 * Math.Sin(at / 2)):0.0},\"control_module_voltage\":{14 + (Math.Sin(at) / 5):0.00},\"fuel_rail_pressure\":{35000 + (9000 * Math.Sin(at)):0}}}")), packetId: 0);
            await _link.Send(cancel);
            var wait = TimeSpan.FromSeconds(i / perSecond) - Stopwatch.GetElapsedTime(begin);
            if (wait > TimeSpan.Zero) await Task.Delay(wait, cancel);
        }
    }

    public void Dispose() => _link.Dispose();
}
