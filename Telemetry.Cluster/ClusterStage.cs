using System.Diagnostics;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;
using Orleans.Configuration;
using Telemetry.Api.History;
using Telemetry.Api.Hosting;
using Telemetry.Api.Ingest;
using Telemetry.Api.Store;

namespace Telemetry.Cluster;

/// <summary>Replaces what belongs to a single server: the ownership of vehicles, and the client of the broker.</summary>
static class ClusterStage
{
    // An instance that is gone or hangs is noticed after about 1.5 s.
    static readonly TimeSpan ProbeTimeout = TimeSpan.FromSeconds(1);
    const int MissedProbes = 2;

    static readonly TimeSpan IdleInTransaction = TimeSpan.FromSeconds(2);

    public static void AddCluster(this WebApplicationBuilder builder, CommandLine commandLine)
    {
        var settings = builder.AddSettings("Cluster", new ClusterValidator(), static (section, strict) => section.Get<ClusterSettings>(strict));
        Check(builder.Configuration, settings, commandLine);
        var services = builder.Services;
        services.AddSingleton<StoreDialect>(new PostgresDialect(HistoryStage.Connections(ConnectionString(builder.Configuration), "ConnectionStrings:Telemetry")));
        Replace<VehicleOwnership, Shards>(services);
        services.AddSingleton(new ReadingsSource($"cluster {settings.Name}", settings.Name));
        services.Remove(services.Single(service => service.ImplementationType == typeof(BrokerClient)));
        var mqtt = (MqttSettings)services.Single(service => service.ServiceType == typeof(MqttSettings)).ImplementationInstance!;
        if (mqtt.ClientId == "") mqtt.ClientId = $"telemetry-{settings.Name}"; // All instances continue the same session.
        services.AddSingleton<ShardStore>();
        services.AddSingleton<Members>();
        services.AddSingleton<OpenMessages>();
        services.AddSingleton<ReceiverState>();
        services.AddSingleton<LocalGrains>();
        services.AddSingleton<Viewer>();
        services.AddSingleton<InstanceClient>();
        services.AddSingleton<Feed>();
        services.AddSingleton<Handover>();
        // They start before and stop after the part of Orleans: until it has left, this instance serves its vehicles.
        services.AddHostedService(provider => provider.GetRequiredService<Feed>());
        services.AddHostedService<Balancer>();
        services.AddSingleton<IFatalErrorHandler, FatalErrors>();
        builder.UseOrleans(silo => Configure(silo, settings, ConnectionString(builder.Configuration)));
        services.AddHostedService<ClusterStart>();
        services.AddHostedService<ClusterMeasurements>();
        services.AddHealthChecks().AddCheck<ClusterCheck>("cluster", HealthStatus.Unhealthy, ["ready"]);
    }

    static void Configure(ISiloBuilder silo, ClusterSettings settings, string connectionString)
    {
        var address = settings.Address == "" ? PrivateAddress() : IPAddress.Parse(settings.Address);
        silo.Configure<ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = (settings.Name, settings.Name));
        silo.Configure<EndpointOptions>(endpoint =>
        {
            (endpoint.AdvertisedIPAddress, endpoint.SiloPort, endpoint.GatewayPort) = (address, settings.Port, 0);
            endpoint.SiloListeningEndpoint = new IPEndPoint(IPAddress.IsLoopback(address) ? address : IPAddress.Any, settings.Port);
        });
        silo.UseAdoNetClustering(store =>
        {
            store.Invariant = "Npgsql";
            store.ConnectionString = connectionString;
        });
        silo.Configure<ClusterMembershipOptions>(membership =>
        {
            (membership.ProbeTimeout, membership.NumMissedProbesLimit, membership.EnableIndirectProbes) = (ProbeTimeout, MissedProbes, false);
            membership.EnableConnectionLivenessCheck = false; // A hung process would be noticed after 9 s.
            membership.TableRefreshTimeout = TimeSpan.FromSeconds(5);
            membership.DefunctSiloCleanupPeriod = TimeSpan.FromHours(1);
            membership.DefunctSiloExpiration = TimeSpan.FromDays(1);
        });
        silo.Configure<SiloMessagingOptions>(messaging => messaging.ResponseTimeout = TimeSpan.FromSeconds(5));
        if (settings.Certificate != "") InstanceTrust.Add(silo, settings);
        silo.AddGrainService<Instance>();
        silo.Services.AddPlacementDirector<RendezvousPlacement, ByRendezvous>();
    }

    static void Check(ConfigurationManager configuration, ClusterSettings settings, CommandLine commandLine)
    {
        if (settings.Name == "") throw new SettingException("Cluster:Name takes a name of letters, digits, - and _, the same for all instances.");
        if (commandLine.Demo || commandLine.ReplayFile is not null) throw new SettingException("Cluster:Name excludes --demo and --replay: the instances share the cars of a broker.");
        if (string.IsNullOrWhiteSpace(configuration.GetConnectionString("Telemetry"))) throw new SettingException("Cluster:Name requires ConnectionStrings:Telemetry, a PostgreSQL database that all instances use.");
        if (string.IsNullOrEmpty(configuration["Mqtt:Host"])) throw new SettingException("Cluster:Name requires Mqtt:Host, a broker outside of the instances.");
        configuration["Logging:LogLevel:Orleans"] ??= "Warning";
        configuration["Logging:LogLevel:Polly"] ??= "Warning"; // Retries of Orleans.
        configuration["Logging:LogLevel:Telemetry.Cluster.Instance"] ??= "Warning"; // Ranges of Orleans, which are not used.
    }

    // An instance that hangs within a transaction must not hold the rows that another one has to write.
    static string ConnectionString(ConfigurationManager configuration)
    {
        var text = configuration.GetConnectionString("Telemetry")!;
        HistoryStage.Connections(text, "ConnectionStrings:Telemetry").Dispose(); // Throws for a wrong one.
        var settings = new NpgsqlConnectionStringBuilder(text);
        settings.Options = $"{settings.Options} -c idle_in_transaction_session_timeout={IdleInTransaction.TotalMilliseconds:0}".Trim();
        return settings.ConnectionString;
    }

    static void Replace<T, TImplementation>(IServiceCollection services)
        where T : class
        where TImplementation : class, T
    {
        services.AddSingleton<TImplementation>();
        services.AddSingleton<T>(provider => provider.GetRequiredService<TImplementation>());
    }

    static IPAddress PrivateAddress() => NetworkInterface.GetAllNetworkInterfaces()
        .Where(network => network.OperationalStatus == OperationalStatus.Up && network.NetworkInterfaceType != NetworkInterfaceType.Loopback)
        .SelectMany(network => network.GetIPProperties().UnicastAddresses).Select(unicast => unicast.Address)
        .FirstOrDefault(address => address.AddressFamily == AddressFamily.InterNetwork)
        ?? throw new SettingException("Cluster:Address takes the IP address by which the other instances reach this one; this machine has none besides loopback.");
}

/// <summary>Keeps clients away until this instance has the vehicles of the others.</summary>
sealed class ClusterStart(Viewer viewer) : IHostedService
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    public async Task StartAsync(CancellationToken cancellationToken) => await viewer.Synced.WaitAsync(Patience, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

/// <summary>Ends the process when the others have declared this instance dead, or Orleans cannot go on; a service manager starts it again.</summary>
sealed class FatalErrors : IFatalErrorHandler
{
    public bool IsUnexpected(Exception exception) => exception is not (ThreadAbortException or OperationCanceledException);

    public void OnFatalException(object? sender, string? context, Exception? exception)
    {
        Console.Error.WriteLine($"This instance ends: {context ?? exception?.Message}");
        using var self = Process.GetCurrentProcess();
        self.Kill(); // At once: nothing of it is valid any more.
    }
}

/// <summary>Health of this instance's part.</summary>
sealed class ClusterCheck(Shards shards, Viewer viewer, Members members) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        string? problem = !members.IsActive(members.Self) ? "this instance is no member of the cluster"
            : !viewer.Synced.IsCompleted ? "the other instances have not sent their vehicles yet"
            : !shards.IsChecked ? "the owners of the shards have not been read for seconds"
            : null;
        return Task.FromResult(problem is null ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy(problem));
    }
}
