using System.Buffers.Text;
using System.Security.Cryptography;

namespace Telemetry.Api.Push;

/// <summary>The server's key (VAPID, RFC 8292), a point of P-256, both parts in base64url: 32 bytes private, 65 bytes public (<c>applicationServerKey</c>).</summary>
sealed record PushKey(string Private, string Public)
{
    public static PushKey Create()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return Of(key.ExportParameters(includePrivateParameters: true));
    }

    /// <summary>Throws <see cref="CryptographicException"/> or <see cref="FormatException"/> for an invalid key.</summary>
    public static PushKey Of(string privateKey)
    {
        using var key = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = Base64Url.DecodeFromChars(privateKey) });
        return Of(key.ExportParameters(includePrivateParameters: true));
    }

    public static bool IsPublicKey(byte[] point)
    {
        if (point is not [4, ..] || point.Length != 65) return false;
        try
        {
            using var _ = ECDiffieHellman.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new ECPoint { X = point[1..33], Y = point[33..] } });
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    static PushKey Of(ECParameters key) => new(Base64Url.EncodeToString(key.D), Base64Url.EncodeToString([4, .. key.Q.X!, .. key.Q.Y!]));
}
