using Telemetry.Tests.Support;

namespace Telemetry.Tests.EndToEnd;

/// <summary>A server whose store holds readings of the past.</summary>
static class StoredReadings
{
    public static async Task<Server> StartServer(params (DateTime At, string Vehicle, string Signal, double Value)[] readings)
    {
        var server = await Server.Start();
        await server.Import(readings);
        return server;
    }
}
