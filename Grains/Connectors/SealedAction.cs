using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using OrleansPayments.Grains.Shared.Security;
using OrleansPayments.Payments;

namespace OrleansPayments.Grains.Connectors;

/// <summary>
/// Where a payer has to go, as it rests in the journal: encrypted, because providers put secrets of the charge into such addresses, by which whoever reads them
/// could act on it. Only the API opens them, for the merchant.
/// </summary>
public static class SealedAction
{
    private const string Prefix = "sealed:";

    public static NextAction Seal(ISecretSealer sealer, PaymentId payment, NextAction action)
    {
        ArgumentNullException.ThrowIfNull(sealer);
        ArgumentNullException.ThrowIfNull(action);
        return action with { Url = Prefix + Convert.ToBase64String(sealer.Seal(Encoding.UTF8.GetBytes(action.Url), ContextOf(payment)).AsSpan()) };
    }

    /// <returns>The address; one that was never sealed as it is.</returns>
    /// <exception cref="CryptographicException">Altered, or sealed for another payment.</exception>
    public static string Open(ISecretSealer sealer, PaymentId payment, NextAction action)
    {
        ArgumentNullException.ThrowIfNull(sealer);
        ArgumentNullException.ThrowIfNull(action);
        if (!action.Url.StartsWith(Prefix, StringComparison.Ordinal)) return action.Url;
        return Encoding.UTF8.GetString(sealer.Open(ImmutableArray.Create(Convert.FromBase64String(action.Url[Prefix.Length..])), ContextOf(payment)));
    }

    private static string ContextOf(PaymentId payment) => "next-action/" + payment.Value;
}
