using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Telemetry.Api.Hosting;

static class Listening
{
    /// <summary>Bytes of a request's body, except where an endpoint takes more.</summary>
    public const long MaxBody = 4096;

    static readonly TimeSpan HeadersTimeout = TimeSpan.FromSeconds(15);

    public static void AddListening(this WebApplicationBuilder builder)
    {
        builder.Services.Configure<KestrelServerOptions>(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxBody;
            kestrel.Limits.RequestHeadersTimeout = HeadersTimeout;
            KestrelLimits.Apply(builder.Configuration, kestrel.Limits);
        });
        if (!builder.Configuration.GetSection("Kestrel:Endpoints").Exists())
            builder.WebHost.UseSetting(WebHostDefaults.ServerUrlsKey, builder.Configuration["Urls"] ?? "http://localhost:8000");

        // Certificate support is loaded only if it may be needed.
        if (builder.Configuration.GetSection("Kestrel").Exists() || builder.Configuration[WebHostDefaults.ServerUrlsKey]?.Contains("https:", StringComparison.OrdinalIgnoreCase) == true)
            builder.WebHost.UseKestrelHttpsConfiguration();

        // Main reports a failed start in one line; without the filters, the host logs its stack trace, and Kestrel each address it tried.
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", level => started.Task.IsCompleted && level >= LogLevel.Information);
        builder.Logging.AddFilter("Microsoft.Hosting.Lifetime", level => started.Task.IsCompleted && level >= LogLevel.Information);
        builder.Logging.AddFilter("Microsoft.AspNetCore.Server.Kestrel", level => started.Task.IsCompleted && level >= LogLevel.Warning);

        // Requests wait until all stages have started.
        builder.Services.AddSingleton<IStartupFilter>(new FirstMiddleware(app => app.Use((http, next) => started.Task.IsCompletedSuccessfully ? next(http) : WaitAsync(http, next))));

        async Task WaitAsync(HttpContext http, RequestDelegate next)
        {
            await started.Task.WaitAsync(http.RequestAborted);
            await next(http);
        }

        // The framework registers the web host's service last.
        builder.Host.ConfigureContainer<IServiceCollection>((_, services) =>
        {
            var web = services.Last(service => service.ServiceType == typeof(IHostedService));
            services.Remove(web);
            services.AddSingleton(provider => new EarlyListening(
                (IHostedService)ActivatorUtilities.CreateInstance(provider, web.ImplementationType!), provider.GetRequiredService<IConfiguration>(),
                provider.GetRequiredService<IServer>(), provider.GetRequiredService<ILogger<EarlyListening>>(), started));
            services.AddHostedService(provider => provider.GetRequiredService<EarlyListening>());
        });
    }

    public static IEnumerable<string> Hosts(IConfiguration configuration) => Addresses(configuration).Where(address => !address.IsUnixPipe).Select(address => address.Host);

    /// <summary>True if only programs on this machine can connect.</summary>
    public static bool IsLocal(IConfiguration configuration) => Addresses(configuration).All(address => address.IsUnixPipe || IsLoopback(address.Host));

    /// <summary>For a program on this machine; null if the server listens on no TCP port.</summary>
    public static Uri? OwnAddress(IConfiguration configuration)
    {
        if (Addresses(configuration).FirstOrDefault(address => !address.IsUnixPipe) is not { } first) return null;
        var isIp = IPAddress.TryParse(first.Host, out var ip);
        var host = !isIp ? "localhost" : ip!.Equals(IPAddress.Any) ? "127.0.0.1" : ip.Equals(IPAddress.IPv6Any) ? "[::1]" : first.Host;
        return new UriBuilder(first.Scheme, host, first.Port).Uri;
    }

    public static string Describe(IConfiguration configuration)
    {
        var endpoints = configuration.GetSection("Kestrel:Endpoints").GetChildren().Select(endpoint => endpoint["Url"]).ToList();
        return endpoints.Count > 0 ? $"Kestrel:Endpoints has '{string.Join(';', endpoints)}'" : $"Urls is '{configuration[WebHostDefaults.ServerUrlsKey]}'";
    }

    // For any name other than localhost Kestrel listens on all addresses.
    static bool IsLoopback(string host) =>
        string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));

    static IEnumerable<BindingAddress> Addresses(IConfiguration configuration)
    {
        var endpoints = configuration.GetSection("Kestrel:Endpoints").GetChildren().Select(endpoint => endpoint["Url"]).OfType<string>().ToList();
        if (endpoints.Count == 0) endpoints = [.. (configuration[WebHostDefaults.ServerUrlsKey] ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries)];
        foreach (var endpoint in endpoints)
        {
            BindingAddress address;
            try
            {
                address = BindingAddress.Parse(endpoint);
            }
            catch (FormatException)
            {
                continue; // The start itself reports an invalid address.
            }

            yield return address;
        }
    }
}

/// <summary>Opens the ports before any stage starts, so that an invalid address fails first.</summary>
/// <remarks>They are closed as usual, before the stages stop. Wrapped instead of registered first, so that only errors of opening the ports are explained as such: an error of a stage looks alike.</remarks>
sealed class EarlyListening(IHostedService web, IConfiguration configuration, IServer server, ILogger<EarlyListening> log, TaskCompletionSource started) : IHostedLifecycleService
{
    static readonly string[] OfCertificates = ["certificate", "private key", "PEM"];

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        try
        {
            await web.StartAsync(cancellationToken);
            ProductVersion.LogVersion(log, server.Features.Get<IServerAddressesFeature>()?.Addresses ?? []);
        }
        catch (Exception error) when (error is IOException or SocketException or FormatException or ArgumentException or InvalidOperationException
            or NotSupportedException or CryptographicException or UnauthorizedAccessException)
        {
            throw new SettingException(Explain(error));
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => web.StopAsync(cancellationToken);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        started.SetResult();
        return Task.CompletedTask;
    }

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    string Explain(Exception error)
    {
        var what = Listening.Describe(configuration);
        var why = error.Message.Split('\n')[0].Trim().TrimEnd('.');
        var cause = error.GetBaseException();
        if (!why.Contains(cause.Message.TrimEnd('.'), StringComparison.OrdinalIgnoreCase)) why += $": {cause.Message.Split('\n')[0].Trim().TrimEnd('.')}";
        return cause is CryptographicException or UnauthorizedAccessException or FileNotFoundException or DirectoryNotFoundException
            || Array.Exists(OfCertificates, word => why.Contains(word, StringComparison.OrdinalIgnoreCase))
            ? $"{what}, which needs a certificate ({why}): set Kestrel:Certificates:Default:Path and, where that is a PEM file, Kestrel:Certificates:Default:KeyPath."
            : $"{what}, which cannot be opened ({why}); it takes addresses of this machine with a free port, from 1024 unless root, such as http://localhost:8000, separated by ;.";
    }
}
