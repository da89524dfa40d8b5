using OrleansPayments.Payments;

namespace OrleansPayments.Grains.Payments;

/// <summary>Keeps the cards of payments that are confirmed later, encrypted, and without their security codes.</summary>
public interface ICardVault
{
    /// <summary>Durable when it returns; again for the same payment replaces the card.</summary>
    /// <param name="destroyAfter">The card is destroyed at some time after this whatever happens, so that one that no payment was made for does not stay.</param>
    /// <exception cref="Shared.Journal.JournalUnavailableException">The database cannot be reached now; the card may have been stored all the same.</exception>
    Task Store(PaymentId payment, CardDetails card, DateTimeOffset destroyAfter);

    /// <summary>The card without a security code; null when there is none, or no more.</summary>
    /// <exception cref="Shared.Journal.JournalUnavailableException">The database cannot be reached now.</exception>
    /// <exception cref="System.Security.Cryptography.CryptographicException">The card was altered, or this silo lacks the master key that wraps it.</exception>
    Task<CardDetails?> Open(PaymentId payment);

    /// <summary>Destroys card and key; harmless when there is none.</summary>
    /// <exception cref="Shared.Journal.JournalUnavailableException">The database cannot be reached now; the card may be gone all the same.</exception>
    Task Destroy(PaymentId payment);
}
