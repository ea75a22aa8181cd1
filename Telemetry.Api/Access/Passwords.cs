using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Telemetry.Api.Hosting;

namespace Telemetry.Api.Access;

/// <summary>Password hashes as ASP.NET Core Identity creates them. Those of version 0.1.0 are still accepted.</summary>
static class Passwords
{
    // OWASP Password Storage Cheat Sheet, 2023, for PBKDF2 with HMAC-SHA512.
    const int Iterations = 210_000;

    const byte FormatMarker = 1;
    const int HashLength = 61; // Marker, three numbers, 16 bytes of salt and 32 of hash.

    static readonly PasswordHasher<string> Hasher = new(Options.Create(new PasswordHasherOptions { IterationCount = Iterations }));

    public static string Hash(string password) => Hasher.HashPassword("", password);

    public static bool IsHash(string text)
    {
        Span<byte> bytes = stackalloc byte[HashLength];
        return (Convert.TryFromBase64String(text, bytes, out var length) && length == HashLength && bytes[0] == FormatMarker) || OldHash.TryParse(text, out _);
    }

    public static bool Match(string password, string hash) => OldHash.TryParse(hash, out var old)
        ? old.Matches(password)
        : IsHash(hash) && Hasher.VerifyHashedPassword("", hash, password) != PasswordVerificationResult.Failed;

    /// <summary>The password is read from the console, so that it is not in the shell's history.</summary>
    public static int Command()
    {
        if (!Console.IsInputRedirected) Console.Error.Write("Password: ");
        var password = Console.IsInputRedirected ? Console.ReadLine() : ReadHidden();
        if (string.IsNullOrEmpty(password)) throw new SettingException("--hash-password takes a password from the console, in one line.");
        Console.WriteLine(Hash(password));
        return 0;
    }

    static string ReadHidden()
    {
        var password = "";
        for (ConsoleKeyInfo key; (key = Console.ReadKey(intercept: true)).Key != ConsoleKey.Enter;)
        {
            if (key.Key == ConsoleKey.Backspace) password = password.Length > 0 ? password[..^1] : "";
            else if (key.KeyChar != '\0') password += key.KeyChar;
        }

        Console.Error.WriteLine();
        return password;
    }

    /// <summary>Hash of version 0.1.0: <c>pbkdf2-sha256:iterations:salt:hash</c>, the last two in base64.</summary>
    sealed record OldHash(int Iterations, byte[] Salt, byte[] Hash)
    {
        const string Method = "pbkdf2-sha256";
        const int MaxIterations = 10_000_000;
        const int SaltLength = 16;
        const int HashLength = 32;

        public static bool TryParse(string text, [NotNullWhen(true)] out OldHash? old)
        {
            old = null;
            if (text.Split(':') is not [Method, var count, var saltText, var hashText]) return false;
            if (!int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var iterations) || iterations is < 1 or > MaxIterations) return false;
            var (salt, hash) = (new byte[saltText.Length], new byte[hashText.Length]);
            if (!Convert.TryFromBase64String(saltText, salt, out var saltLength) || !Convert.TryFromBase64String(hashText, hash, out var hashLength)) return false;
            if (saltLength < SaltLength || hashLength != HashLength) return false;
            old = new OldHash(iterations, salt[..saltLength], hash[..hashLength]);
            return true;
        }

        public bool Matches(string password) =>
            CryptographicOperations.FixedTimeEquals(Rfc2898DeriveBytes.Pbkdf2(password, Salt, Iterations, HashAlgorithmName.SHA256, HashLength), Hash);
    }
}
