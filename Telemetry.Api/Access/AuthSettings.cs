using System.ComponentModel.DataAnnotations;
using System.Text;

namespace Telemetry.Api.Access;

/// <summary><c>Auth</c>: who may listen. Off, for everybody who reaches the server, until a key or an authority is set.</summary>
sealed class AuthSettings : IValidatableObject
{
    // As long as what HMAC-SHA256 makes of it (RFC 7518, section 3.2).
    const int ShortestKey = 32;

    /// <summary>The secret that tokens are signed with (HS256); empty: see <see cref="Authority"/>.</summary>
    public string SigningKey { get; init; } = "";

    /// <summary>Address of an OpenID Connect provider whose tokens are taken; empty: see <see cref="SigningKey"/>. Both empty: nobody has to log in.</summary>
    public string Authority { get; init; } = "";

    /// <summary>Whom a token must be for: its <c>aud</c>.</summary>
    [Required(ErrorMessage = "takes the aud of the tokens, such as telemetry")]
    public string Audience { get; init; } = "telemetry";

    /// <summary>The one user who can log in on the pages; empty: none.</summary>
    public string Username { get; init; } = "";

    /// <summary>That user's password, as <c>--hash-password</c> prints it.</summary>
    public string PasswordHash { get; init; } = "";

    /// <summary>How long a login lasts.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "365.00:00:00", ErrorMessage = "takes a duration as d.hh:mm:ss, 00:01:00 to 365.00:00:00")]
    public TimeSpan LoginLifetime { get; init; } = TimeSpan.FromDays(7);

    /// <summary>True if everybody in the network may come in: without it, only programs on this machine are served when nobody has to log in.</summary>
    public bool AllowAnonymous { get; init; }

    /// <summary>True if requests need a token.</summary>
    public bool IsOn => SigningKey != "" || Authority != "";

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (SigningKey != "" && Encoding.UTF8.GetByteCount(SigningKey) < ShortestKey)
            yield return new ValidationResult($"takes at least {ShortestKey} bytes, such as openssl rand -base64 32 prints", [nameof(SigningKey)]);
        if (Authority != "" && !IsAuthority(Authority))
            yield return new ValidationResult("takes the https address of an OpenID Connect provider, such as https://login.example/realms/cars", [nameof(Authority)]);
        if (Authority != "" && SigningKey != "")
            yield return new ValidationResult("does not go with Auth:SigningKey: set one of them", [nameof(Authority)]);
        if (Username != "" && (PasswordHash == "" || SigningKey == ""))
            yield return new ValidationResult("goes with Auth:PasswordHash and Auth:SigningKey", [nameof(Username)]);
        if (PasswordHash != "" && (Username == "" || !Passwords.IsHash(PasswordHash)))
            yield return new ValidationResult("takes what --hash-password prints, and goes with Auth:Username", [nameof(PasswordHash)]);
        if (AllowAnonymous && IsOn)
            yield return new ValidationResult("does not go with Auth:SigningKey or Auth:Authority: with them everybody has to log in", [nameof(AllowAnonymous)]);
    }

    static bool IsAuthority(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && (address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback));
}
