using System.Globalization;
using System.Text;

namespace OrleansPayments.Grains.Connectors.Stripe;

/// <summary>A form body in Stripe's notation, <c>a[b]=c</c>, percent-encoded.</summary>
internal sealed class StripeForm
{
    private readonly StringBuilder _text = new(512);

    public StripeForm Add(string name, string value)
    {
        if (_text.Length > 0) _text.Append('&');
        _text.Append(Uri.EscapeDataString(name)).Append('=').Append(Uri.EscapeDataString(value));
        return this;
    }

    public StripeForm Add(string name, long value) => Add(name, value.ToString(CultureInfo.InvariantCulture));

    public StripeForm AddIfPresent(string name, string? value) => string.IsNullOrEmpty(value) ? this : Add(name, value);

    public byte[] ToBytes() => Encoding.ASCII.GetBytes(_text.ToString());
}
