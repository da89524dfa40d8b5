namespace OrleansPayments.Idempotency;

/// <summary>The grain key that an idempotency key stands for.</summary>
public static class IdempotencyKeyHash
{
    public const string Prefix = "idk_";

    public static string Of(string scope, string operation, string key) => IdFormat.FromIdentity(Prefix, scope, operation, key);
}
