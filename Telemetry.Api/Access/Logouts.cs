namespace Telemetry.Api.Access;

sealed class Logouts
{
    public event Action<string>? LoggedOut;

    public void End(string login) => LoggedOut?.Invoke(login);
}
