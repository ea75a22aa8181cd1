using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Telemetry.Api.Http;

namespace Telemetry.Api.Hosting;

/// <summary>The ports of pages and endpoints.</summary>
static class Listening
{
    static readonly TimeSpan HeadersTimeout = TimeSpan.FromSeconds(15);

    public static void AddListening(this WebApplicationBuilder builder)
    {
        builder.Services.Configure<KestrelServerOptions>(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = ClientErrors.MaxBody;
            kestrel.Limits.RequestHeadersTimeout = HeadersTimeout;
            KestrelLimits.Apply(builder.Configuration, kestrel.Limits);
        });
        if (!builder.Configuration.GetSection("Kestrel:Endpoints").Exists())
            builder.WebHost.UseSetting(WebHostDefaults.ServerUrlsKey, builder.Configuration["Urls"] ?? "http://localhost:8000");

        // Certificates and what reads them are loaded where there may be some.
        if (builder.Configuration.GetSection("Kestrel").Exists() || builder.Configuration[WebHostDefaults.ServerUrlsKey]?.Contains("https:", StringComparison.OrdinalIgnoreCase) == true)
            builder.WebHost.UseKestrelHttpsConfiguration();

        // A start that fails is told by Main, in a line; the host would add its stack trace, and Kestrel each address that it tried.
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", level => started.Task.IsCompleted && level >= LogLevel.Information);
        builder.Logging.AddFilter("Microsoft.Hosting.Lifetime", level => started.Task.IsCompleted && level >= LogLevel.Information);
        builder.Logging.AddFilter("Microsoft.AspNetCore.Server.Kestrel", level => started.Task.IsCompleted && level >= LogLevel.Warning);

        // The framework registers the service that listens last of all; here it is wrapped.
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

    /// <summary>What stands for the host in the addresses that are listened on.</summary>
    public static IEnumerable<string> Hosts(IConfiguration configuration) => Addresses(configuration).Where(address => !address.IsUnixPipe).Select(address => address.Host);

    /// <summary>True if none but programs on this machine can connect.</summary>
    public static bool IsLocal(IConfiguration configuration) => Addresses(configuration).All(address => address.IsUnixPipe || IsLoopback(address.Host));

    /// <summary>The setting, in words.</summary>
    public static string Describe(IConfiguration configuration)
    {
        var endpoints = configuration.GetSection("Kestrel:Endpoints").GetChildren().Select(endpoint => endpoint["Url"]).ToList();
        return endpoints.Count > 0 ? $"Kestrel:Endpoints has '{string.Join(';', endpoints)}'" : $"Urls is '{configuration[WebHostDefaults.ServerUrlsKey]}'";
    }

    /// <summary>Lets requests that come before the stages have started wait for them.</summary>
    public static void UseListening(this WebApplication app)
    {
        var started = app.Services.GetRequiredService<EarlyListening>().Started;
        app.Use(async (http, next) =>
        {
            await started.WaitAsync(http.RequestAborted);
            await next(http);
        });
    }

    // Kestrel listens on all addresses for any name but this one.
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
                continue; // Nothing will listen there: the start says so.
            }

            yield return address;
        }
    }
}

/// <summary>Opens the ports before any stage starts: an address that cannot be had is told before anything has happened.</summary>
/// <remarks>They are closed where they always were: before the stages stop.</remarks>
sealed class EarlyListening(IHostedService web, IConfiguration configuration, IServer server, ILogger<EarlyListening> log, TaskCompletionSource started) : IHostedLifecycleService
{
    static readonly string[] OfCertificates = ["certificate", "private key", "PEM"];

    /// <summary>Done when all stages have started.</summary>
    public Task Started => started.Task;

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
            : $"{what}, which cannot be opened ({why}); it takes addresses of this machine with a free port, from 1024 unless root, such as http://localhost:8000, parted by ;.";
    }
}
