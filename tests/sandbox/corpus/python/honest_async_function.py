# ok honest call
import asyncio

async def add(a, b):
    await asyncio.sleep(1)
    return a + b
