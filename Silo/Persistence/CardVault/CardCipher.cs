using System.Security.Cryptography;
using System.Text.Json;
using OrleansPayments.Payments;
using OrleansPayments.Silo.Security;

namespace OrleansPayments.Silo.Persistence.CardVault;

/// <summary>
/// The stored form of a card: JSON of number, expiry and holder, encrypted (<see cref="AesGcmEnvelope"/>, which has a version) under a key of its own. That key is
/// wrapped by the master key. Both are bound to the payment, so that neither can be moved to another. There is no security code in it.
/// </summary>
internal static class CardCipher
{
    // Room for any card that the API takes, so that the buffer does not grow and leave copies behind.
    private const int Capacity = 4096;

    /// <returns>The card and its key, both as they are stored.</returns>
    public static (byte[] Card, byte[] WrappedKey) Seal(CardDetails card, PaymentId payment, MasterKey masterKey)
    {
        using var buffer = new MemoryStream(Capacity);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("number", card.Number);
            writer.WriteNumber("exp_month", card.ExpiryMonth);
            writer.WriteNumber("exp_year", card.ExpiryYear);
            if (card.HolderName is not null) writer.WriteString("holder_name", card.HolderName);
            writer.WriteEndObject();
        }

        var plaintext = buffer.GetBuffer().AsSpan(0, checked((int)buffer.Length));
        var key = RandomNumberGenerator.GetBytes(AesGcmEnvelope.KeyLength);
        var stored = (AesGcmEnvelope.Seal(key, plaintext, ContextOfCard(payment)), masterKey.Wrap(key, ContextOfKey(payment.Value)));
        CryptographicOperations.ZeroMemory(plaintext);
        CryptographicOperations.ZeroMemory(key);
        return stored;
    }

    /// <exception cref="CryptographicException">Altered, or stored for another payment.</exception>
    public static CardDetails Open(byte[] card, byte[] wrappedKey, PaymentId payment, MasterKey masterKey)
    {
        var key = masterKey.Unwrap(wrappedKey, ContextOfKey(payment.Value));
        var plaintext = AesGcmEnvelope.Open(key, card, ContextOfCard(payment));
        CryptographicOperations.ZeroMemory(key);
        using var document = JsonDocument.Parse(plaintext);
        var root = document.RootElement;
        var opened = new CardDetails(
            root.GetProperty("number").GetString()!,
            root.GetProperty("exp_month").GetInt32(),
            root.GetProperty("exp_year").GetInt32(),
            securityCode: null,
            root.TryGetProperty("holder_name", out var holder) ? holder.GetString() : null);
        CryptographicOperations.ZeroMemory(plaintext);
        return opened;
    }

    /// <summary>The card's key as another master key wraps it.</summary>
    /// <exception cref="CryptographicException">Altered.</exception>
    public static byte[] Rewrap(byte[] wrappedKey, string payment, MasterKey from, MasterKey to)
    {
        var key = from.Unwrap(wrappedKey, ContextOfKey(payment));
        var rewrapped = to.Wrap(key, ContextOfKey(payment));
        CryptographicOperations.ZeroMemory(key);
        return rewrapped;
    }

    private static string ContextOfCard(PaymentId payment) => "card/" + payment.Value;

    private static string ContextOfKey(string payment) => "card-key/" + payment;
}
