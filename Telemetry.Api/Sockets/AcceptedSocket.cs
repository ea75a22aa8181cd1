using System.Net;
using Telemetry.Api.Access;

namespace Telemetry.Api.Sockets;

/// <summary>An upgraded request whose client is served after the endpoint and all other middleware have returned: what they hold would otherwise stay in memory for as long as the socket.</summary>
/// <param name="ended">Called at the end of the request, also if the upgrade fails.</param>
sealed class AcceptedSocket(Clients clients, IPAddress? address, Action? ended)
{
    Client? _client;
    Connection? _connection;

    /// <summary>Must be the first middleware.</summary>
    public static async Task ServeAsync(HttpContext http, RequestDelegate next)
    {
        FrameUpgrade.Prepare(http);
        try
        {
            await next(http);
            if (http.Features.Get<AcceptedSocket>()?._client is { } client) await client.RunAsync(http.Viewer().Until);
        }
        finally
        {
            if (http.Features.Get<AcceptedSocket>() is { } accepted) await accepted.EndAsync();
        }
    }

    public void Open(Connection connection, Client client, string? login)
    {
        (_connection, _client) = (connection, client);
        clients.Add(client, login);
    }

    async ValueTask EndAsync()
    {
        if (_client is not null) clients.Remove(_client);
        if (_connection is not null)
        {
            await _connection.Stream.EndAsync();
            _connection.Socket.Dispose();
        }

        clients.Release(address);
        ended?.Invoke();
    }
}
