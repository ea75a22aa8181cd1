using Microsoft.AspNetCore.Authentication;

namespace Telemetry.Api.Access;

/// <summary>The framework's own settings of authentication schemes, as <c>AddAuthentication</c> would register them.</summary>
sealed class AuthenticationSection(IConfiguration configuration) : IAuthenticationConfigurationProvider
{
    /// <inheritdoc/>
    public IConfiguration AuthenticationConfiguration => configuration.GetSection("Authentication");
}
