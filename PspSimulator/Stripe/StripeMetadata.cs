namespace OrleansPayments.PspSimulator.Stripe;

/// <summary>Collects <c>metadata[key]</c> parameters within Stripe's limits (docs.stripe.com/api/metadata).</summary>
internal sealed class StripeMetadata
{
    private const string Prefix = "metadata[";
    private const int MaxKeys = 50;
    private const int MaxKeyLength = 40;
    private const int MaxValueLength = 500;

    private List<KeyValuePair<string, string>>? _pairs;

    public IReadOnlyList<KeyValuePair<string, string>> Pairs => _pairs ?? (IReadOnlyList<KeyValuePair<string, string>>)[];

    /// <summary>False for a parameter that is no metadata.</summary>
    public bool TryTake(string name, string value, ref StripeError? error)
    {
        if (!name.StartsWith(Prefix, StringComparison.Ordinal) || !name.EndsWith(']')) return false;

        var key = name[Prefix.Length..^1];
        if (key.Length is 0 or > MaxKeyLength)
            error = StripeError.InvalidRequest($"Metadata keys have 1 to {MaxKeyLength} characters.", param: "metadata");
        else if (value.Length > MaxValueLength)
            error = StripeError.InvalidRequest($"Metadata values have up to {MaxValueLength} characters.", param: "metadata");
        else if (Pairs.Count == MaxKeys)
            error = StripeError.InvalidRequest($"Metadata has up to {MaxKeys} keys.", param: "metadata");
        else if (value.Length > 0)
            (_pairs ??= new(4)).Add(new(key, value));
        return true;
    }
}
