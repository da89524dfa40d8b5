using System.Security.Cryptography;
using System.Text;
using OrleansPayments.PspSimulator.World;

namespace OrleansPayments.PspSimulator.Stripe;

/// <summary>Turns a card number into what may be kept of it.</summary>
internal sealed class CardVault(RandomSource random)
{
    // Without this key, which no one can ask for, the sixteen digits could be found from a fingerprint by trying them all.
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);

    /// <param name="number">A number for which <see cref="CardNumber.IsPlausible"/> is true.</param>
    /// <param name="withCvc">A CVC came with it.</param>
    public StripeCard Describe(string number, int expMonth, int expYear, bool withCvc = false)
    {
        Span<byte> digits = stackalloc byte[number.Length];
        Encoding.ASCII.GetBytes(number, digits);
        Span<byte> digest = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_key, digits, digest);
        digits.Clear();

        return new StripeCard(
            random.NextId("pm_"),
            CardNumber.BrandOf(number),
            number[^4..],
            expMonth,
            expYear,
            Convert.ToHexStringLower(digest[..8]),
            TestCards.BehaviourOf(number, withCvc));
    }
}
