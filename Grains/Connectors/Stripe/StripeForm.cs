using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace OrleansPayments.Grains.Connectors.Stripe;

/// <summary>A form body in Stripe's notation, <c>a[b]=c</c>, percent-encoded.</summary>
internal sealed class StripeForm
{
    // All that a trace shows of a form; the card is shown masked.
    private static readonly FrozenSet<string> Shown = FrozenSet.ToFrozenSet(
        [
            "amount", "currency", "capture_method", "amount_to_capture", "final_capture", "error_on_requires_action", "payment_intent", "reason",
        ],
        StringComparer.Ordinal);

    private readonly StringBuilder _text = new(512);
    private readonly List<KeyValuePair<string, string>> _notes = [];

    /// <summary>What may be stored and shown of it.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Notes => _notes;

    public StripeForm Add(string name, string value)
    {
        if (Shown.Contains(name)) _notes.Add(KeyValuePair.Create(name, value));
        else if (name == "payment_method_data[card][number]") _notes.Add(KeyValuePair.Create("card", Masked(value)));
        if (_text.Length > 0) _text.Append('&');
        _text.Append(Uri.EscapeDataString(name)).Append('=').Append(Uri.EscapeDataString(value));
        return this;
    }

    public StripeForm Add(string name, long value) => Add(name, value.ToString(CultureInfo.InvariantCulture));

    public StripeForm AddIfPresent(string name, string? value) => string.IsNullOrEmpty(value) ? this : Add(name, value);

    // As much as may be kept of a card: PCI DSS 4.0, 3.4.1.
    private static string Masked(string number) => number.Length < 12 ? "" : string.Concat(number.AsSpan(0, 6), new string('*', number.Length - 10), number.AsSpan(number.Length - 4));

    public byte[] ToBytes() => Encoding.ASCII.GetBytes(_text.ToString());
}
