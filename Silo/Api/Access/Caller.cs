using System.Collections.Immutable;
using OrleansPayments.Merchants;

namespace OrleansPayments.Silo.Api.Access;

/// <summary>Who asks: an administrator, or a merchant with one of its keys.</summary>
internal sealed class Caller
{
    private readonly ImmutableArray<string> _permissions;

    private Caller(MerchantId? merchantId, ImmutableArray<string> permissions, MerchantStatus? merchantStatus)
    {
        MerchantId = merchantId;
        MerchantStatus = merchantStatus;
        _permissions = permissions;
    }

    public static Caller Administrator { get; } = new(null, [Permissions.All], null);

    /// <summary>Null for an administrator.</summary>
    public MerchantId? MerchantId { get; }

    /// <summary>Where the merchant stood when its key was checked; null for an administrator.</summary>
    public MerchantStatus? MerchantStatus { get; }

    public bool IsAdministrator => MerchantId is null;

    /// <summary>Within what idempotency keys are told apart.</summary>
    public string IdempotencyScope => MerchantId?.Value ?? "administrator";

    public static Caller Of(ApiKeyView key) => new(key.MerchantId, key.Permissions, key.MerchantStatus);

    public bool May(string permission) => _permissions.Contains(Permissions.All) || _permissions.Contains(permission);

    /// <summary>Whether an object of this merchant exists for the caller.</summary>
    public bool MaySee(MerchantId owner) => MerchantId is null || MerchantId == owner;
}
