using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Telemetry.Api.Observability;

/// <summary>Tells systemd (<c>Type=notify</c>, socket in <c>NOTIFY_SOCKET</c>) that the server is ready, and the state for <c>systemctl status</c>.</summary>
sealed class SystemdStatus(string path, HealthCheckService checks, IHostApplicationLifetime lifetime) : BackgroundService
{
    public const string Variable = "NOTIFY_SOCKET";

    static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var registration = lifetime.ApplicationStarted.Register(started.SetResult);
        using var timer = new PeriodicTimer(Interval);
        try
        {
            await started.Task.WaitAsync(stoppingToken);
            Send("READY=1");
            do
            {
                Send($"STATUS={Describe(await checks.CheckHealthAsync(stoppingToken))}");
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException)
        {
            Send("STOPPING=1");
        }
    }

    // One line: a line break would begin the next assignment.
    static string Describe(HealthReport report)
    {
        var problems = report.Entries.Where(entry => entry.Value.Description is not null).Select(entry => $"{entry.Key}: {entry.Value.Description}");
        return string.Join("; ", problems.Prepend(Health.NameOf(report.Status))).ReplaceLineEndings(" ");
    }

    void Send(string state)
    {
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
            // A name that begins with @ is an abstract one, without a file.
            socket.SendTo(Encoding.UTF8.GetBytes(state), new UnixDomainSocketEndPoint(path.StartsWith('@') ? $"\0{path[1..]}" : path));
        }
        catch (SocketException)
        {
            // The service manager is unavailable or restarts; the next state is sent again.
        }
    }
}
