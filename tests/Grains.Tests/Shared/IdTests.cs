namespace OrleansPayments.Grains.Tests.Shared;

public sealed class IdTests
{
    [Fact]
    public void The_same_idempotency_key_stands_for_the_same_payment_in_every_release()
    {
        // Pinned: another value here would charge a repeated request a second time after an upgrade.
        Assert.Equal("pay_57xyz7dzt5w2q1efjy91qjgeaw", PaymentId.FromIdempotencyKey("mer_a", "payments.create", "key-1").Value);
    }

    [Fact]
    public void Scope_operation_and_key_do_not_run_into_each_other()
    {
        var one = PaymentId.FromIdempotencyKey("mer_a", "payments.create", "key");
        Assert.NotEqual(one, PaymentId.FromIdempotencyKey("mer_apayments", ".create", "key"));
        Assert.NotEqual(one, PaymentId.FromIdempotencyKey("mer_b", "payments.create", "key"));
        Assert.NotEqual(one, PaymentId.FromIdempotencyKey("mer_a", "payments.create", "key2"));
    }

    [Theory]
    [InlineData("00000000000000000000000000000000", "pay_00000000000000000000000000")]
    [InlineData("ffffffffffffffffffffffffffffffff", "pay_7zzzzzzzzzzzzzzzzzzzzzzzzz")]
    [InlineData("0123456789abcdef0123456789abcdef", "pay_014d2pf2dbsqqg28t5cy4tqkff")]
    public void Bits_become_text_and_back(string hex, string text)
    {
        var id = PaymentId.FromBits(Convert.FromHexString(hex));
        Assert.Equal(text, id.Value);
        Assert.True(PaymentId.TryParse(text, out var parsed));
        Assert.Equal(id, parsed);
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("pay_")]
    [InlineData("mer_00000000000000000000000000")]
    [InlineData("pay_0000000000000000000000000")]
    [InlineData("pay_000000000000000000000000000")]
    [InlineData("pay_80000000000000000000000000")]
    [InlineData("pay_0000000000000000000000000U")]
    [InlineData("pay_0000000000000000000000000l")]
    [InlineData("pay_0000000000000000000000000\0")]
    public void What_is_no_id_is_refused(string? text) => Assert.False(PaymentId.TryParse(text, out _));

    [Fact]
    public void The_default_id_is_no_id() => Assert.Throws<InvalidOperationException>(() => default(PaymentId).Value);
}
