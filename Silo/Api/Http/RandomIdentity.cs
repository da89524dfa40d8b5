using System.Security.Cryptography;

namespace OrleansPayments.Silo.Api.Http;

/// <summary>Identities of what is made without an idempotency key.</summary>
internal static class RandomIdentity
{
    /// <summary>128 bits nobody can guess.</summary>
    public static byte[] Bits() => RandomNumberGenerator.GetBytes(16);

    public static string Text(string prefix) => prefix + Convert.ToHexStringLower(Bits());
}
