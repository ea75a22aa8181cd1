using System.ComponentModel.DataAnnotations;
using System.Text;
using Microsoft.Extensions.Options;
using Telemetry.Api.Hosting;

namespace Telemetry.Api.Access;

/// <summary><c>Auth</c>: tokens and login. Off until a signing key or an authority is set.</summary>
sealed class AuthSettings : IValidatableObject
{
    // Output size of HMAC-SHA256, the minimum for its key (RFC 7518, section 3.2).
    const int MinKeyBytes = 32;

    /// <summary>Empty: see <see cref="Authority"/>.</summary>
    public string SigningKey { get; set; } = "";

    /// <summary>OpenID Connect provider; empty: see <see cref="SigningKey"/>. Both empty: no login.</summary>
    public string Authority { get; set; } = "";

    /// <summary>Required <c>aud</c> of a token.</summary>
    [Required(ErrorMessage = "takes the aud of the tokens, such as telemetry")]
    public string Audience { get; set; } = "telemetry";

    public string Username { get; set; } = "";

    /// <summary>As <c>--hash-password</c> prints it.</summary>
    public string PasswordHash { get; set; } = "";

    [Duration("00:01:00", "365.00:00:00", ErrorMessage = "takes a duration as d.hh:mm:ss, 00:01:00 to 365.00:00:00")]
    public TimeSpan LoginLifetime { get; set; } = TimeSpan.FromDays(7);

    /// <summary>Allows access from the network without a login. Otherwise a server without a login serves only programs on this machine.</summary>
    public bool AllowAnonymous { get; set; }

    public bool IsOn => SigningKey != "" || Authority != "";

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (SigningKey != "" && Encoding.UTF8.GetByteCount(SigningKey) < MinKeyBytes)
            yield return new ValidationResult($"takes at least {MinKeyBytes} bytes, such as openssl rand -base64 32 prints", [nameof(SigningKey)]);
        if (Authority != "" && !IsAuthority(Authority))
            yield return new ValidationResult("takes the https address of an OpenID Connect provider, such as https://login.example/realms/cars", [nameof(Authority)]);
        if (Authority != "" && SigningKey != "")
            yield return new ValidationResult("conflicts with Auth:SigningKey: set one of them", [nameof(Authority)]);
        if (Username != "" && (PasswordHash == "" || SigningKey == ""))
            yield return new ValidationResult("requires Auth:PasswordHash and Auth:SigningKey", [nameof(Username)]);
        if (PasswordHash != "" && (Username == "" || !Passwords.IsHash(PasswordHash)))
            yield return new ValidationResult("takes the output of --hash-password, and requires Auth:Username", [nameof(PasswordHash)]);
        if (AllowAnonymous && IsOn)
            yield return new ValidationResult("conflicts with Auth:SigningKey or Auth:Authority: they require a login", [nameof(AllowAnonymous)]);
    }

    static bool IsAuthority(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && (address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback));
}

[OptionsValidator]
sealed partial class AuthValidator : IValidateOptions<AuthSettings>;
