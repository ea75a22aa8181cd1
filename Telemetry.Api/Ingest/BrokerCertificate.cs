using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Telemetry.Api.Hosting;

namespace Telemetry.Api.Ingest;

/// <summary>Certificate of the embedded broker, from PEM files; reloaded when they change, as after a renewal. Thread-safe.</summary>
sealed partial class BrokerCertificate
{
    readonly BrokerSettings _settings;
    readonly ILogger _log;
    readonly Lock _gate = new();
    DateTime _writtenAt;

    /// <exception cref="SettingException">The files cannot be read.</exception>
    public BrokerCertificate(BrokerSettings settings, ILogger log)
    {
        _settings = settings;
        _log = log;
        try
        {
            (Options, _writtenAt) = (Load(), WrittenAt());
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw new SettingException($"Broker:Certificate '{settings.Certificate}' cannot be used ({error.Message}): it takes a certificate as a PEM file, its key in Broker:CertificateKey or in the same file.");
        }
    }

    public SslServerAuthenticationOptions Options
    {
        get
        {
            lock (_gate)
            {
                if (WrittenAt() is var writtenAt && writtenAt == _writtenAt) return field;
                _writtenAt = writtenAt;
                try
                {
                    field = Load();
                }
                catch (Exception error) when (error is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
                {
                    Log.Unreadable(_log, _settings.Certificate, error.Message); // Keep the previous certificate.
                }

                return field;
            }
        }

        private set;
    }

    string KeyPath => _settings.CertificateKey != "" ? _settings.CertificateKey : _settings.Certificate;

    DateTime WrittenAt() => new[] { File.GetLastWriteTimeUtc(_settings.Certificate), File.GetLastWriteTimeUtc(KeyPath) }.Max();

    SslServerAuthenticationOptions Load()
    {
        var certificate = X509Certificate2.CreateFromPemFile(_settings.Certificate, KeyPath);
        var chain = new X509Certificate2Collection();
        chain.ImportFromPemFile(_settings.Certificate);
        return new SslServerAuthenticationOptions { ServerCertificateContext = SslStreamCertificateContext.Create(certificate, chain, offline: true) };
    }

    static partial class Log
    {
        [LoggerMessage(106, LogLevel.Warning, "Broker:Certificate {Path} has changed and cannot be read ({Problem}); the previous one stays in use")]
        public static partial void Unreadable(ILogger log, string path, string problem);
    }
}
