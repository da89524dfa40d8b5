using System.Collections.Immutable;

namespace OrleansPayments.Grains.Connectors;

/// <summary>
/// What an adapter notes of one call for the payment's traces. They are stored and shown: only what an adapter names goes in, and never a card number, a security
/// code or a secret. Values are cut to <see cref="MaxValueLength"/> characters.
/// </summary>
public sealed class ExchangeNotes
{
    public const int MaxValueLength = 200;

    private ImmutableSortedDictionary<string, string>? _request;
    private ImmutableSortedDictionary<string, string>? _response;

    public void Sent(IEnumerable<KeyValuePair<string, string>> fields) => _request = Keep(fields);

    public void Answered(IEnumerable<KeyValuePair<string, string>> fields) => _response = Keep(fields);

    /// <summary>Null when nothing was noted.</summary>
    public ProviderExchange? ToExchange(TimeSpan duration) =>
        _request is null ? null : new ProviderExchange((int)Math.Min(duration.TotalMilliseconds, int.MaxValue), _request, _response);

    public override string ToString() => "notes of a call";

    private static ImmutableSortedDictionary<string, string> Keep(IEnumerable<KeyValuePair<string, string>> fields) => ImmutableSortedDictionary.CreateRange(
        StringComparer.Ordinal, fields.Select(field => KeyValuePair.Create(field.Key, field.Value.Length <= MaxValueLength ? field.Value : field.Value[..MaxValueLength])));
}
