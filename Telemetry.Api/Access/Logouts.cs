namespace Telemetry.Api.Access;

/// <summary>Logins ended before their tokens expire.</summary>
sealed class Logouts
{
    /// <summary>Raised with the <see cref="AccessScope.Login"/> that has ended.</summary>
    public event Action<string>? LoggedOut;

    public void End(string login) => LoggedOut?.Invoke(login);
}
