using System.Security.Cryptography;
using System.Text;
using OrleansPayments.Grains.Connectors;
using OrleansPayments.Grains.Connectors.Http;
using OrleansPayments.Grains.Connectors.Stripe;
using static OrleansPayments.Grains.Tests.Connectors.StripeSamples;

namespace OrleansPayments.Grains.Tests.Connectors;

/// <summary>Who is believed.</summary>
public sealed class StripeSignatureTests
{
    private static readonly byte[] Body = Encoding.UTF8.GetBytes(Event("payment_intent.succeeded", Intent("succeeded", received: "1099")));

    private static readonly string Right = Sign(Body);
    private static readonly string Wrong = Sign(Body, "whsec_of_somebody_else");
    private static readonly long Time = Now.ToUnixTimeSeconds();

    public static TheoryData<string, string?, string> Headers => new()
    {
        { "plain", $"t={Time},v1={Right}", "Captured 1099 1099" },
        { "reordered", $"v1={Right},t={Time}", "Captured 1099 1099" },
        { "upper case", $"t={Time},v1={Right.ToUpperInvariant()}", "Captured 1099 1099" },
        { "spaces", $" t={Time} , v1={Right} ", "Captured 1099 1099" },
        { "secret being exchanged", $"t={Time},v1={Wrong},v1={Right}", "Captured 1099 1099" },
        { "the other way round", $"t={Time},v1={Right},v1={Wrong}", "Captured 1099 1099" },
        { "other schemes", $"t={Time},v0={Wrong},v2=x,v1={Right},whatever", "Captured 1099 1099" },
        { "none", null, "Refused signature_missing" },
        { "empty", "", "Refused signature_missing" },
        { "only commas", ",,,", "Refused signature_malformed" },
        { "no signature", $"t={Time}", "Refused signature_wrong" },
        { "empty signature", $"t={Time},v1=", "Refused signature_wrong" },
        { "half a signature", $"t={Time},v1={Right[..32]}", "Refused signature_wrong" },
        { "longer signature", $"t={Time},v1={Right}00", "Refused signature_wrong" },
        { "no hex", $"t={Time},v1={Right[..63]}g", "Refused signature_wrong" },
        { "forged", $"t={Time},v1={Wrong}", "Refused signature_wrong" },
        { "one digit off", $"t={Time},v1={(Right[0] == '0' ? '1' : '0')}{Right[1..]}", "Refused signature_wrong" },
        { "right under another scheme", $"t={Time},v0={Right}", "Refused signature_wrong" },
        { "another name that ends so", $"t={Time},xv1={Right}", "Refused signature_wrong" },
        { "no time", $"v1={Right}", "Refused signature_malformed" },
        { "empty time", $"t=,v1={Right}", "Refused signature_malformed" },
        { "no number", $"t=+{Time},v1={Right}", "Refused signature_malformed" },
        { "huge time", $"t=99999999999999999999,v1={Right}", "Refused signature_malformed" },
        { "two times", $"t={Time},t={Time},v1={Right}", "Refused signature_malformed" },
        { "another time", $"t={Time + 1},v1={Right}", "Refused signature_wrong" },
        { "the same time otherwise written", $"t=0{Time},v1={Right}", "Refused signature_wrong" },
        { "longest", $"t={Time},v1={Right},".PadRight(StripeSignature.MaxHeaderLength, 'x'), "Captured 1099 1099" },
        { "too long", $"t={Time},v1={Right},".PadRight(StripeSignature.MaxHeaderLength + 1, 'x'), "Refused signature_malformed" },
        { "huge", $"t={Time}," + string.Concat(Enumerable.Repeat($"v1={Right},", 100_000)), "Refused signature_malformed" },
        { "not ASCII", $"t={Time},v1={Right[..63]}é", "Refused signature_wrong" },
    };

    [Theory]
    [MemberData(nameof(Headers))]
    public void A_signature_is_right_or_it_is_not(string header, string? value, string expected)
    {
        Assert.NotEmpty(header);
        Assert.Equal(expected, Describe(Read(Body, value)));
    }

    [Theory]
    [InlineData(0, "Captured 1099 1099")]
    [InlineData(-300, "Captured 1099 1099")]
    [InlineData(300, "Captured 1099 1099")]
    [InlineData(-301, "Refused timestamp_out_of_range")]
    [InlineData(301, "Refused timestamp_out_of_range")]
    [InlineData(-86_400, "Refused timestamp_out_of_range")]
    [InlineData(-1_795_262_400, "Refused timestamp_out_of_range")]
    public void A_genuine_callback_is_taken_five_minutes_around_its_time(int secondsOff, string expected) =>
        Assert.Equal(expected, Describe(Read(Body, Header(Body, at: Now.AddSeconds(secondsOff)))));

    [Fact]
    public void The_signature_is_over_the_bytes_as_they_came()
    {
        var body = Encoding.UTF8.GetBytes(Event("payment_intent.succeeded", Intent("succeeded", ",\"description\":\"Zwölf Äpfel 🍎\"", received: "1099")));
        Assert.Equal("Captured 1099 1099", Describe(ReadSigned(body)));

        // The same JSON in other bytes is another message.
        var escaped = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(body).Replace("ö", "\\u00f6", StringComparison.Ordinal));
        Assert.Equal("Refused signature_wrong", Describe(Read(escaped, Header(body))));
    }

    [Fact]
    public void The_signature_is_that_of_the_documentation()
    {
        // Computed once with OpenSSL: printf '1614556800.{"id":"evt_1"}' | openssl dgst -sha256 -hmac whsec_test
        var at = DateTimeOffset.FromUnixTimeSeconds(1_614_556_800);
        Assert.Null(StripeSignature.WhyNot("t=1614556800,v1=e326b9127f526dab808bd39e79a44ab61b0dc0517386b06a7abf563ce203409b", """{"id":"evt_1"}"""u8, "whsec_test", at));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void Without_a_secret_nothing_is_believed(string? secret)
    {
        // Not even what is signed with nothing.
        var header = $"t={Time},v1={Convert.ToHexStringLower(HMACSHA256.HashData(Array.Empty<byte>(), Encoding.ASCII.GetBytes(Time + ".").Concat(Body).ToArray()))}";
        Assert.Equal("Refused no_webhook_secret", Describe(Read(Body, header, secret)));
    }

    [Fact]
    public void Another_connectors_secret_proves_nothing() => Assert.Equal("Refused signature_wrong", Describe(Read(Body, Header(Body), "whsec_other")));

    [Fact]
    public void A_body_without_end_is_not_looked_at()
    {
        var body = Encoding.UTF8.GetBytes("""{"id":"evt_1","type":"x"}""".PadRight(ProviderHttp.MaxAnswerBytes));
        Assert.Equal("Ignored", Describe(ReadSigned(body)));
        Assert.Equal("Refused body_too_large", Describe(ReadSigned([.. body, (byte)' '])));
        Assert.Equal("Refused signature_wrong", Describe(Read([], Header(Body))));
        Assert.Equal("Malformed malformed_event", Describe(ReadSigned(Array.Empty<byte>())));
    }

    [Fact]
    public void A_callback_does_not_print_itself() =>
        Assert.Equal("callback", new CallbackRequest { Headers = new Dictionary<string, string>(), Body = Body, ReceivedAt = Now }.ToString());
}
