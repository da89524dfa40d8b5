using System.Text;
using OrleansPayments.Grains.Connectors;
using static OrleansPayments.Grains.Tests.Connectors.StripeSamples;

namespace OrleansPayments.Grains.Tests.Connectors;

/// <summary>Random changes to genuine callbacks, the same at each run.</summary>
public sealed class StripeCallbackFuzzTests
{
    private const int Seed = 20261121;
    private const int Rounds = 10_000;

    private static readonly byte[][] Genuine =
    [
        Bytes("payment_intent.succeeded", Intent("succeeded", received: "1099")),
        Bytes("payment_intent.payment_failed", Intent("requires_payment_method", ""","last_payment_error":{"code":"card_declined","decline_code":"lost_card"}""")),
        Bytes("payment_intent.requires_action", Intent("requires_action", ""","next_action":{"type":"redirect_to_url","redirect_to_url":{"url":"https://a.example/x"}}""")),
        Bytes("payment_intent.canceled", Intent("canceled", amount: "500", currency: "isk")),
        Bytes("charge.succeeded", Charge("1099", ""","description":"Zwölf Äpfel" """)),
    ];

    private static readonly string[] Pieces = ["\"", "\\ud800", "{", "}", "[", ",", "null", "-", "9999999999", "1e400", "\u0000", ":", "\\", "pay_", "mga", "\ufeff"];

    [Fact]
    public void A_changed_callback_is_never_believed()
    {
        var random = new Random(Seed);
        var believed = 0;
        for (var round = 0; round < Rounds; round++)
        {
            var body = Genuine[round % Genuine.Length];
            var header = Header(body);
            var sent = random.Next(2) == 0 ? Change(body, random) : body;
            var name = random.Next(2) == 0 ? Encoding.Latin1.GetString(Change(Encoding.Latin1.GetBytes(header), random)) : header;

            var reading = Read(sent, name);

            if (reading is CallbackReading.Refused) continue;
            believed++;
            Assert.True(sent.AsSpan().SequenceEqual(body), $"Round {round}: another body was believed.");
            Assert.True(
                name.Contains($"t={Now.ToUnixTimeSeconds()}", StringComparison.Ordinal) && name.Contains("v1=" + Sign(body), StringComparison.OrdinalIgnoreCase),
                $"Round {round}: '{name}' was believed.");
        }

        // Those that were not changed, and those with something more in the header.
        Assert.InRange(believed, Rounds / 5, Rounds / 2);
    }

    [Fact]
    public void Genuine_nonsense_is_read_or_not_but_never_throws()
    {
        var random = new Random(Seed);
        var kinds = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var round = 0; round < Rounds; round++)
        {
            var reading = ReadSigned(Change(Genuine[round % Genuine.Length], random));

            var kind = reading.GetType().Name;
            kinds[kind] = kinds.GetValueOrDefault(kind) + 1;
            if (reading is not CallbackReading.About { Notice: var notice }) continue;
            Assert.InRange(notice.Attempt, 1, int.MaxValue);
            Assert.InRange(notice.EventId.Length, 1, 255);
            Assert.InRange(notice.ConnectorReference.Length, 1, 255);
            Assert.InRange(notice.Amount.MinorUnits, 1, long.MaxValue);
            Assert.InRange(notice.AmountCaptured.MinorUnits, 0, long.MaxValue);
            Assert.True(notice.NextAction is not { Url: var url } || url.StartsWith("https://", StringComparison.OrdinalIgnoreCase));
        }

        // All three are met, or the changes are too coarse or too fine to show anything.
        Assert.Equal(["About", "Ignored", "Malformed"], kinds.Keys.Order(StringComparer.Ordinal));
        Assert.All(kinds.Values, count => Assert.InRange(count, Rounds / 50, Rounds));
    }

    private static byte[] Change(byte[] bytes, Random random)
    {
        var changed = bytes.ToList();
        for (var times = random.Next(1, 4); times > 0; times--)
        {
            var at = random.Next(changed.Count);
            var length = Math.Min(random.Next(1, 12), changed.Count - at);
            switch (random.Next(6))
            {
                case 0:
                    changed[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    changed[at] = (byte)random.Next(256);
                    break;
                case 2 when length < changed.Count:
                    changed.RemoveRange(at, length);
                    break;
                case 3:
                    changed.InsertRange(at, changed.GetRange(at, length));
                    break;
                case 4:
                    changed.InsertRange(at, Encoding.UTF8.GetBytes(Pieces[random.Next(Pieces.Length)]));
                    break;
                default:
                    changed[at] = (byte)('0' + random.Next(10));
                    break;
            }
        }

        return [.. changed];
    }

    private static byte[] Bytes(string type, string subject) => Encoding.UTF8.GetBytes(Event(type, subject));
}
