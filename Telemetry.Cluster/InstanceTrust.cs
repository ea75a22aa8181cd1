using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Orleans.Connections.Security;
using Telemetry.Api.Hosting;

namespace Telemetry.Cluster;

/// <summary>TLS between instances: each shows a certificate, and accepts those that the cluster's own authority has signed.</summary>
static class InstanceTrust
{
    /// <summary>Throws <see cref="SettingException"/> for a file that cannot be used.</summary>
    public static void Add(ISiloBuilder silo, ClusterSettings settings)
    {
        var authorities = Read(nameof(settings.CertificateAuthority), settings.CertificateAuthority, path =>
        {
            var read = new X509Certificate2Collection();
            read.ImportFromPemFile(path);
            return read.Count > 0 ? read : throw new CryptographicException("there is no certificate in it");
        });
        var key = settings.CertificateKey == "" ? settings.Certificate : settings.CertificateKey;
        var own = Read(nameof(settings.Certificate), settings.Certificate, path => X509Certificate2.CreateFromPemFile(path, key));
        silo.UseTls(own, tls =>
        {
            (tls.RemoteCertificateMode, tls.ClientCertificateMode) = (RemoteCertificateMode.RequireCertificate, RemoteCertificateMode.RequireCertificate);
            tls.RemoteCertificateValidation = (certificate, _, _) => IsSigned(certificate, authorities);
            tls.OnAuthenticateAsClient = (_, options) => options.TargetHost = settings.Name;
        });
    }

    // Instances come and go with their addresses: the signature counts, not the name.
    static bool IsSigned(X509Certificate2 certificate, X509Certificate2Collection authorities)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain.Build(certificate);
    }

    static T Read<T>(string name, string path, Func<string, T> read)
    {
        try
        {
            return read(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw new SettingException($"Cluster:{name} '{path}' cannot be used ({error.Message}): it takes a PEM file.");
        }
    }
}
