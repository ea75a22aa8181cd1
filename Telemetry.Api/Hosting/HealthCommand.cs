using System.Net;
using System.Net.Sockets;

namespace Telemetry.Api.Hosting;

/// <summary><c>--health</c>: asks the server with the same settings, over its own address. For containers without other programs.</summary>
static class HealthCommand
{
    const string Path = "/health/live";

    static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    /// <returns>Exit code of the program.</returns>
    public static async Task<int> RunAsync(CommandLine commandLine)
    {
        var address = Listening.OwnAddress(commandLine.CreateBuilder().Configuration) ?? throw new SettingException("--health: the settings name no address to listen on.");
        var problem = await ProblemAsync(address);
        if (problem is null) Console.WriteLine("healthy");
        else await Console.Error.WriteLineAsync($"No healthy server at {address}: {problem}.");
        return problem is null ? 0 : 1;
    }

    /// <summary>Null: it answers that it is healthy.</summary>
    public static async Task<string?> ProblemAsync(Uri address)
    {
        using var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            AllowAutoRedirect = false,
            ConnectCallback = (_, cancelled) => ConnectAsync(address, cancelled),
            // The certificate is for the public name, and this connection does not leave the machine.
#pragma warning disable CA5359
            SslOptions = new() { RemoteCertificateValidationCallback = (_, _, _, _) => true },
#pragma warning restore CA5359
        };
        using var http = new HttpClient(handler) { Timeout = Timeout };
        try
        {
            // The server answers to this name whatever it listens on.
            using var answer = await http.GetAsync(new UriBuilder(address.Scheme, "localhost", address.Port, Path).Uri);
            return answer.StatusCode == HttpStatusCode.OK ? null : $"it answers {(int)answer.StatusCode}";
        }
        catch (Exception error) when (error is HttpRequestException or OperationCanceledException)
        {
            return error is OperationCanceledException ? "it does not answer" : error.GetBaseException().Message.TrimEnd('.');
        }
    }

    static async ValueTask<System.IO.Stream> ConnectAsync(Uri address, CancellationToken cancelled)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(address.Host.Trim('[', ']'), address.Port, cancelled);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
