using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using OrleansPayments.PspSimulator.World.Callbacks;

namespace OrleansPayments.PspSimulator.Stripe;

/// <summary><c>Stripe-Signature: t=…,v1=…</c> with the secret <c>whsec_{account}</c> (docs.stripe.com/webhooks#verify-manually).</summary>
internal sealed class StripeSignature(string account) : ICallbackSigner
{
    private const string ForgedSecret = "whsec_of_somebody_else";

    public static string SecretOf(string account) => "whsec_" + account;

    public (string Name, string Value) Sign(ReadOnlySpan<byte> body, DateTimeOffset at, bool genuine)
    {
        var seconds = at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Encoding.ASCII.GetBytes(genuine ? SecretOf(account) : ForgedSecret));
        hmac.AppendData(Encoding.ASCII.GetBytes(seconds));
        hmac.AppendData("."u8);
        hmac.AppendData(body);
        return ("Stripe-Signature", $"t={seconds},v1={Convert.ToHexStringLower(hmac.GetHashAndReset())}");
    }
}
