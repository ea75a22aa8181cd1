using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using Telemetry.Api.Hosting;

namespace Telemetry.Api.Access;

static class TrustedProxies
{
    /// <summary>Applies <c>X-Forwarded-For</c>, <c>-Proto</c> and <c>-Host</c>. Throws <see cref="SettingException"/> for an entry that is no address.</summary>
    public static void AddTrustedProxies(this IHostApplicationBuilder builder)
    {
        var options = new ForwardedHeadersOptions
        {
            ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost,
            ForwardLimit = null, // Any number of trusted proxies in a row.
        };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();

        foreach (var proxy in TextList.Read(builder.Configuration, "TrustedProxies", [',']))
        {
            if (IPAddress.TryParse(proxy, out var address)) options.KnownProxies.Add(address);
            else if (System.Net.IPNetwork.TryParse(proxy, out var network)) options.KnownIPNetworks.Add(network);
            else throw new SettingException($"TrustedProxies holds '{proxy}'; it takes IP addresses and networks such as 127.0.0.1 and 172.16.0.0/12, as a list or separated by commas.");
        }

        // With an empty list the framework would trust every client.
        if (options.KnownProxies.Count + options.KnownIPNetworks.Count > 0) builder.Services.AddSingleton<IStartupFilter>(new FirstMiddleware(app => app.UseForwardedHeaders(options)));
    }
}
