using OrleansPayments.Merchants;

namespace OrleansPayments.Grains.Merchants;

/// <summary>What is asked of a merchant that exists, by administrators.</summary>
internal enum MerchantOperation
{
    Activate,
    Suspend,
    Close,
    Update,
    IssueApiKey,
    RevokeApiKey,
    ConfigureRouting,
}

/// <summary>The state table of a merchant. A row that is not here is refused.</summary>
internal static class MerchantTransitions
{
    public static IReadOnlyList<(MerchantStatus From, MerchantOperation Operation, MerchantStatus To)> Table { get; } =
    [
        (MerchantStatus.Active, MerchantOperation.Activate, MerchantStatus.Active),
        (MerchantStatus.Active, MerchantOperation.Suspend, MerchantStatus.Suspended),
        (MerchantStatus.Active, MerchantOperation.Close, MerchantStatus.Closed),
        (MerchantStatus.Active, MerchantOperation.Update, MerchantStatus.Active),
        (MerchantStatus.Active, MerchantOperation.IssueApiKey, MerchantStatus.Active),
        (MerchantStatus.Active, MerchantOperation.RevokeApiKey, MerchantStatus.Active),
        (MerchantStatus.Active, MerchantOperation.ConfigureRouting, MerchantStatus.Active),
        (MerchantStatus.Suspended, MerchantOperation.Activate, MerchantStatus.Active),
        (MerchantStatus.Suspended, MerchantOperation.Suspend, MerchantStatus.Suspended),
        (MerchantStatus.Suspended, MerchantOperation.Close, MerchantStatus.Closed),
        (MerchantStatus.Suspended, MerchantOperation.Update, MerchantStatus.Suspended),
        (MerchantStatus.Suspended, MerchantOperation.IssueApiKey, MerchantStatus.Suspended),
        (MerchantStatus.Suspended, MerchantOperation.RevokeApiKey, MerchantStatus.Suspended),
        (MerchantStatus.Suspended, MerchantOperation.ConfigureRouting, MerchantStatus.Suspended),
        // Nothing leads out of it; its keys still read and end payments, so that they can be revoked.
        (MerchantStatus.Closed, MerchantOperation.Close, MerchantStatus.Closed),
        (MerchantStatus.Closed, MerchantOperation.RevokeApiKey, MerchantStatus.Closed),
    ];

    public static bool Allows(MerchantStatus from, MerchantOperation operation) => Table.Any(row => row.From == from && row.Operation == operation);

    /// <exception cref="InvalidOperationException">The table has no such row: a bug, or a journal that was tampered with.</exception>
    public static MerchantStatus Next(MerchantStatus from, MerchantOperation operation)
    {
        foreach (var row in Table)
        {
            if (row.From == from && row.Operation == operation) return row.To;
        }

        throw new InvalidOperationException($"A merchant that is {from} does not take {operation}.");
    }

    /// <summary>What leads to a status.</summary>
    public static MerchantOperation To(MerchantStatus status) => status switch
    {
        MerchantStatus.Active => MerchantOperation.Activate,
        MerchantStatus.Suspended => MerchantOperation.Suspend,
        MerchantStatus.Closed => MerchantOperation.Close,
        _ => throw new InvalidOperationException($"Unknown status {status}."),
    };
}
