using Telemetry.Api.Http;

namespace Telemetry.Api.Sockets;

/// <summary>A request for a WebSocket. Must be the endpoint's first parameter, so that admission is checked first.</summary>
sealed class SocketRequest : IRequestPart<SocketRequest>
{
    readonly SocketAdmission _admission;
    readonly HttpContext _http;

    SocketRequest(SocketAdmission admission, HttpContext http) => (_admission, _http) = (admission, http);

    public static IReadOnlyList<Parameter> Parameters => [new Text("token", "A token, for clients that cannot set headers")];

    public static IReadOnlyList<int> Problems => [StatusCodes.Status403Forbidden, StatusCodes.Status426UpgradeRequired, StatusCodes.Status503ServiceUnavailable];

    public static SocketRequest Read(HttpContext http)
    {
        var admission = http.RequestServices.GetRequiredService<SocketAdmission>();
        return admission.Check(http) is { } refusal ? throw new ProblemException(refusal) : new SocketRequest(admission, http);
    }

    public Task<IResult> AcceptAsync(Func<Connection, Client> client, Action? ended = null) => _admission.AcceptAsync(_http, client, ended);
}
